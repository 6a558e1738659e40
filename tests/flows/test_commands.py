"""The command line, beside a running server and without one."""

from __future__ import annotations

import pytest
import pytest_asyncio

from server.cli import main
from tests.support.engine import running_engine
from tests.support.process import BatonProcess, free_port, run_baton, run_here
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, VisitorClient

beside_it = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory):
    """A server that reaches no mail server."""
    mail = {"BATON_MAIL_URL": f"smtp://127.0.0.1:{free_port()}"}
    async with BatonProcess(tmp_path_factory.mktemp("commands") / "var", **mail) as baton:
        yield baton


@pytest.fixture
def beside(running):
    """What commands beside it run with."""
    return {name: running.environment[name] for name in ("BATON_DATA_DIR", "BATON_MAIL_URL")}


@pytest.fixture
def env(tmp_path):
    return {"BATON_DATA_DIR": str(tmp_path / "var")}


async def test_a_workspace_from_nothing(env, tmp_path):
    code, output = await run_here("audit", "verify", **env)
    assert (code, "baton user add" in output) == (1, True)
    handbook = tmp_path / "handbook"
    handbook.mkdir()
    (handbook / "shipping.md").write_text("# Shipping\n\nWe ship to Norway within four days, for free.\n")
    (handbook / "logo.png").write_bytes(b"\x89PNG")
    async with running_engine(tmp_path / "var"):  # so that not each command starts one of its own
        code, output = await run_baton("user", "add", "ana@shop.example", stdin="a long password\n", **env)
        assert code == 0, output
        assert "ana <ana@shop.example> is an owner of main now." in output
        code, output = await run_baton("user", "add", "bo@shop.example", stdin="short\n", **env)
        assert (code, "at least 10 characters" in output) == (1, True)
        code, output = await run_here("user", "add", "ana@shop.example", **env)
        assert (code, "already" in output) == (1, True)
        code, output = await run_here("knowledge", "import", str(handbook), **env)
        assert code == 0, output
        assert "skipped logo.png" in output
        assert "main knows 1 sources with 1 passages" in output
        code, output = await run_here("knowledge", "import", str(tmp_path / "nowhere"), **env)
        assert (code, output.count("\n")) == (1, 1)
        code, output = await run_here("doctor", **env)
        assert code == 0, output
    async with BatonProcess(tmp_path / "var", "serve") as baton:
        ana = OperatorClient(baton.url, "ana@shop.example", "a long password")
        assert (await ana.sign_in())["workspaces"][0]["slug"] == "main"


@beside_it
async def test_the_audit_log_beside_a_running_server(running, beside):
    visitor = VisitorClient(running.url)
    await visitor.hello()
    editor = OperatorClient(running.url, "editor@demo.test")
    await editor.sign_in()
    await editor.act(visitor.conversation_id, "claim")
    await editor.act(visitor.conversation_id, "release", {"note": "all settled"})
    await visitor.close()
    code, output = await run_here("audit", "list", "--workspace", "demo", **beside)
    assert code == 0, output
    actions = [line.split()[1] for line in output.splitlines()]
    assert actions[:2] == ["conversation.released", "conversation.claimed"]
    code, output = await run_here("audit", "--workspace", "demo", "verify", **beside)
    assert code == 0, output
    with running.mongo() as client:
        client["baton"]["audit_logs"].update_one(
            {"action": "conversation.claimed"}, {"$set": {"user_id": "somebody-else"}}
        )
    code, output = await run_here("audit", "verify", "--workspace", "demo", **beside)
    assert (code, "was changed" in output) == (1, True)
    code, output = await run_here("doctor", **beside)
    assert code == 1
    assert "BAD   demo: audit log" in output


@pytest.mark.parametrize(
    "command", ["", "serve", "demo", "user add", "user passwd", "audit list", "audit verify"]
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: baton")


@pytest.mark.parametrize(
    "wrong", ["", "nonsense", "user", "user add", "user add not-an-address", "audit list --since soon"]
)
def test_wrong_usage_is_code_2_with_a_reason(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        main(wrong.split())
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


async def test_the_program_itself_says_how_it_was_wrong():
    code, output = await run_baton("nonsense")
    assert (code, "invalid choice: 'nonsense'" in output, "Traceback" in output) == (2, True, False)


@beside_it
async def test_mail_that_does_not_go_out_is_told_listed_and_tried_again(running, beside):
    code, output = await run_here("mail", "test", "you@example.com", **beside)
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("baton: the mail was not sent: 127.0.0.1")
    code, output = await run_here("mail", "test", "nobody", **beside)
    assert (code, "not an e-mail address" in output) == (1, True)
    visitor = VisitorClient(running.url)
    await visitor.hello()
    lead = {"type": "lead.submit", "email": "zoe@example.com"}
    lead_id = (await visitor.ask(lead, "lead.ack"))["lead_id"]
    await visitor.close()
    client = running.mongo()
    jobs = client["baton"]["jobs"]
    await until(lambda: jobs.count_documents({"last_error": {"$ne": None}, "status": "pending"}) == 2)
    code, output = await run_here("doctor", **beside)
    assert code == 1
    assert "BAD   mail: the last failure was at" in output
    assert "2 deliveries on their way" in output
    # As after the last of their tries.
    jobs.update_many({}, {"$set": {"status": "dead"}})
    code, output = await run_here("jobs", "list", **beside)
    assert (code, "0 waiting, 0 running, 2 given up" in output) == (0, True), output
    assert f"{lead_id}:mail:owner-demo  lead_mail" in output
    code, output = await run_here("doctor", **beside)
    assert "2 were given up; see `baton jobs list`" in output
    code, output = await run_here("jobs", "retry", "none", **beside)
    assert (code, "no job that was given up has this id: none" in output) == (1, True)
    code, output = await run_here("jobs", "retry", f"{lead_id}:mail:owner-demo", **beside)
    assert (code, "1 jobs are tried again" in output) == (0, True), output
    code, output = await run_here("jobs", "retry", **beside)
    assert (code, "1 jobs are tried again" in output) == (0, True), output
    assert jobs.count_documents({"status": "dead"}) == 0
    client.close()
