"""A desk on a busy morning, for pictures: conversations of several people, as old as they look."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from ops.screenshot_past import count_weeks, give_a_browser, make_older
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient, VisitorClient

SITE = "https://lumen.example"


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation: what the visitor wrote, on which page, and what became of it.

    `held` is "mine", "other" or "", `replies` are what its holder answered.
    """

    age_min: float
    page: str
    path: str
    texts: tuple[str, ...]
    held: str = ""
    replies: tuple[str, ...] = ()
    state: str = ""


CHATS = (
    Chat(1450, "Documentation", "/docs", ("How do I back up the embedded database?",)),
    Chat(311, "Pricing", "/pricing", ("Who gets an e-mail when a lead comes in?", "Thanks")),
    Chat(96, "Security", "/security", ("Is the audit log tamper-proof?",)),
    Chat(58, "Documentation", "/docs/roles", ("What may an editor do that a viewer may not?",), state="bot"),
    Chat(
        41,
        "Pricing",
        "/pricing",
        ("Can I get an invoice for a yearly plan?", "Great, thank you Ana"),
        "other",
        ("Hi, Ana here. Yes, I'll send it to the address on your account.",),
        "other",
    ),
    Chat(31, "الأسعار", "/ar/pricing", ("هل يعمل Baton مع MongoDB 7 الخاص بنا؟",), state="rtl"),
    Chat(23, "Get started", "/start", ("Which Python do I need to run it?",)),
    Chat(
        12,
        "Documentation",
        "/docs/widget",
        ("Does the widget work under a strict content security policy?", "We use nonces everywhere."),
        "mine",
        ("Hello, Edith here. It does: put the same nonce on our tag, nothing else is needed.",),
        "mine",
    ),
    Chat(7, "Blog", "/blog/handover", ("Does the bot answer while a person is typing?",)),
    Chat(
        3,
        "Pricing",
        "/pricing",
        (
            "What happens when two of us take over at the same moment?",
            "Good. Can I talk to someone about a trial for 30 people?",
        ),
        state="waiting",
    ),
)


@asynccontextmanager
async def busy_desk(baton: BatonProcess, mine: str, other: str) -> AsyncGenerator[dict[str, str]]:
    """Let all this happen, then restart Baton with everything as old as it should be.

    `mine` and `other` are the addresses of two members. Gives the conversations' ids by their `state`; the
    visitors of these are still there.
    """
    members = {"mine": OperatorClient(baton.url, mine), "other": OperatorClient(baton.url, other)}
    for member in members.values():
        await member.sign_in()
    visitors = {chat: await _chat(baton, chat, members) for chat in CHATS}
    with baton.mongo() as client:
        for chat, visitor in visitors.items():
            make_older(client["baton"], visitor.conversation_id, timedelta(minutes=chat.age_min))
        count_weeks(client["baton"])
    await baton.stop()
    await baton.start()
    there = {chat.state: visitor for chat, visitor in visitors.items() if chat.state}
    for visitor in there.values():
        await visitor.hello()
    with baton.mongo() as client:
        for visitor in visitors.values():
            give_a_browser(client["baton"], visitor.conversation_id)
    yield {state: visitor.conversation_id for state, visitor in there.items()}
    for visitor in there.values():
        await visitor.close()


async def _chat(baton: BatonProcess, chat: Chat, members: dict[str, OperatorClient]) -> VisitorClient:
    visitor = VisitorClient(baton.url)
    visitor.page = {
        "url": SITE + chat.path,
        "title": f"{chat.page} · Lumen",
        "referrer": "https://search.example/",
    }
    await visitor.hello()
    conversation_id = visitor.conversation_id
    replies = list(chat.replies)
    for number, text in enumerate(chat.texts):
        ack = await visitor.post(text, f"c{number}")
        if number == 0 or not chat.held:
            await visitor.bot_answer(ack["seq"])
        if replies:
            member = members[chat.held]
            await member.act(conversation_id, "claim")
            await member.act(conversation_id, "reply", {"text": replies.pop(0)})
    await visitor.close()
    return visitor
