"""The people of the seed's story, each in front of a browser of their own."""

from __future__ import annotations

import json
import re

from playwright.async_api import Locator, Page, expect

NAMES = {
    "owner@demo.test": "Olivia Park",
    "admin@demo.test": "Adam Reyes",
    "editor@demo.test": "Edith Novak",
    "viewer@demo.test": "Victor Lind",
}


class Visitor:
    """A visitor of a page with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("baton-widget button").first
        self.panel = page.locator("baton-panel .panel")
        self.composer = self.panel.get_by_label("Your message")
        self.header = self.panel.locator("header")
        self.face = self.header.locator('.face[aria-hidden="false"]')
        self.messages = self.panel.locator(".message:not(.typing)")
        self.own = self.panel.locator(".message.from-you .bubble")
        self.answers = self.panel.locator(".message.from-bot:not(.typing):has(.below)")
        self.replies = self.panel.locator(".message.from-human:not(.typing) .bubble")
        self.typing = self.panel.locator(".typing.from-human")
        self.streaming = self.panel.locator(".message.streaming")
        self.delivery = self.panel.locator(".delivery")
        self.next = self.panel.locator(".next p")
        self.talk_to_a_person = self.panel.locator("footer").get_by_role("button", name="Talk to a person")

    async def arrive(self, url: str) -> None:
        """Load a page and open the chat on it."""
        await self.page.goto(url)
        await self.open()

    async def open(self) -> None:
        """Open the chat; on a slow machine it can be written in before all of it stands there."""
        await self.launcher.click()
        await expect(self.panel).to_be_visible()
        await expect(self.panel.locator(".list > *").first).to_be_attached()

    async def say(self, text: str) -> None:
        """Write and send; not waiting for anything."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def ask(self, text: str) -> Locator:
        """Write, send, and wait for the bot's whole answer; gives its message."""
        before = await self.answers.count()
        await self.say(text)
        await expect(self.answers).to_have_count(before + 1)
        await expect(self.streaming).to_have_count(0)
        # Its last words are still to be shown, and move what stands below them.
        await expect(self.answers.nth(before).locator(".rich[aria-hidden]")).to_have_count(0)
        return self.answers.nth(before)

    async def until_streaming(self) -> None:
        """Wait until some words of an answer show; looks at every frame, because answers are quick."""
        await self.page.wait_for_function(
            """() => {
                const panel = document.querySelector("baton-widget").shadowRoot.querySelector("baton-panel");
                const bubble = panel.shadowRoot.querySelector(".streaming .bubble");
                return bubble && bubble.textContent.split(" ").length > 3;
            }""",
            polling="raf",
        )

    async def conversation_id(self) -> str:
        """As this browser keeps it."""
        memory = await self.page.evaluate("localStorage.getItem('baton:demo')")
        return json.loads(memory)["conversation_id"]

    async def sees_the_bot(self) -> None:
        """The header tells of the agent."""
        await expect(self.face).to_have_text("BeaAI agent · answers at once")

    async def sees_human(self, name: str) -> None:
        """The header tells of a person."""
        await expect(self.face.locator(".name")).to_have_text(name)
        await expect(self.face).to_contain_text("Human is here")
        await expect(self.face).to_be_visible()


class Operator:
    """A member of the team at the console."""

    def __init__(self, page: Page, url: str, email: str) -> None:
        self.page = page
        self.url = url
        self.name = NAMES.get(email, email)
        self.dock = page.locator("#dock")
        self.banner = page.locator("#banner")
        self.notice = page.locator("#dock-notice")
        self.composer = page.locator("#composer")
        self.reply_field = page.locator("#reply")
        self.take_over_button = page.locator("#claim")
        self.take_it_button = page.locator("#take")
        self.badge = page.locator("#thread-badge")
        self.typing = page.locator("#typing")
        self.messages = page.locator("#transcript .message")
        self.events = page.locator("#transcript .event")
        self.streaming = page.locator('#transcript .message[data-state="streaming"]')

    def said(self, role: str) -> Locator:
        """What is stored of this role: `user`, `assistant` or `human-agent`."""
        return self.page.locator(f'#transcript .message[data-role="{role}"][data-state=""] .bubble')

    def row(self, conversation_id: str) -> Locator:
        """The conversation in the list."""
        return self.page.locator(f'#rows > [data-id="{conversation_id}"]')

    async def open_list(self, query: str = "") -> None:
        """Go to the list of conversations."""
        await self.page.goto(f"{self.url}/app/conversations{query}")

    async def open(self, conversation_id: str) -> None:
        """Open a conversation, and wait until what happens in it is seen live."""
        await self.page.goto(f"{self.url}/app/conversations/{conversation_id}")
        await self.is_live()

    async def is_live(self) -> None:
        """Whether the visitor is there is told on the socket alone."""
        await expect(self.page.locator("#thread-where")).to_contain_text(
            re.compile("On the page|Chat not open")
        )

    async def until_streaming(self) -> None:
        """Wait until an answer of the bot is seen coming."""
        streaming = "() => document.querySelector('#transcript [data-state=streaming] .bubble')?.textContent"
        await self.page.wait_for_function(streaming, polling="raf")

    async def take_over(self) -> None:
        """Click, and wait until the server has agreed to what is shown at once."""
        await self.take_over_button.click()
        await expect(self.composer).to_be_visible()
        await self.is_answered()

    async def is_answered(self) -> None:
        """Nothing that was asked of the server stands out any more."""
        await expect(self.dock).to_have_attribute("aria-busy", "false")

    async def reply(self, text: str) -> None:
        """Write and send; waits until it is stored."""
        stored = self.said("human-agent")
        before = await stored.count()
        await self.reply_field.fill(text)
        await self.reply_field.press("Control+Enter")
        await expect(stored).to_have_count(before + 1)

    async def hand_back(self, note: str = "") -> None:
        """Hand back to the bot."""
        await self.page.locator("#release-open").click()
        await self.page.locator("#note").fill(note)
        await self.page.locator("#release").click()
        await expect(self.banner).to_be_visible()
        await self.is_answered()

    async def sees_badge(self, label: str) -> None:
        """The badge of the opened conversation."""
        await expect(self.badge).to_have_text(label)

    async def dock_now(self) -> dict[str, object]:
        """What stands under the transcript at this moment, without waiting for anything."""
        return await self.page.evaluate(
            """() => {
                const shown = (id) => document.getElementById(id).checkVisibility();
                const parts = ["banner", "claim", "take", "composer", "release-open", "reply-open"];
                return { mode: document.getElementById("dock").dataset.mode, shown: parts.filter(shown) };
            }"""
        )
