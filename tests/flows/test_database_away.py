"""A database that is frozen, missing, or somebody else's."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
from tornado.httpclient import AsyncHTTPClient

from tests.support.process import BatonProcess, free_port, run_baton
from tests.support.wire_clients import VisitorClient


async def ready_code(baton):
    return (await AsyncHTTPClient().fetch(f"{baton.url}/readyz", raise_error=False)).code


async def until_ready_says(baton, code):
    async with asyncio.timeout(20):
        while await ready_code(baton) != code:
            await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_a_frozen_database_holds_acks_back_and_loses_nothing(tmp_path):
    async with BatonProcess(tmp_path / "var") as baton:
        visitor = VisitorClient(baton.url)
        await visitor.hello()
        engine = baton.engine_pid
        os.kill(engine, signal.SIGSTOP)
        try:
            for n in range(3):
                text = f"text {n}"
                await visitor.send({"type": "message.post", "client_id": f"m{n}", "text": text})
            await until_ready_says(baton, 503)
            await visitor.ask({"type": "ping"}, "pong")
            assert visitor.of_type("message.ack") == []
            assert visitor.of_type("message.posted") == []
            health = await AsyncHTTPClient().fetch(f"{baton.url}/healthz", raise_error=False)
            assert health.code == 200, "alive, though not ready"
        finally:
            os.kill(engine, signal.SIGCONT)
        acks = [await visitor.wait(lambda f, n=n: f.get("client_id") == f"m{n}") for n in range(3)]
        assert [ack["type"] for ack in acks] == ["message.ack"] * 3
        assert [ack["seq"] for ack in acks] == [1, 2, 3]
        await until_ready_says(baton, 200)
        await visitor.close()


@pytest.mark.slow
async def test_no_database_at_the_start_is_said_in_one_line_within_ten_seconds(tmp_path):
    began = time.monotonic()
    code, output = await run_baton(
        "serve",
        BATON_DATA_DIR=str(tmp_path),
        BATON_PORT=str(free_port()),
        BATON_MONGODB_URI=f"mongodb://user:hidden@127.0.0.1:{free_port()}/?directConnection=true",
    )
    assert code == 1
    assert time.monotonic() - began < 12
    assert output.startswith("baton: ")
    assert output.count("\n") == 1
    assert "hidden" not in output


@pytest.mark.slow
async def test_two_batons_never_share_a_data_directory(tmp_path):
    async with BatonProcess(tmp_path / "var") as baton:
        code, output = await run_baton(
            "serve", BATON_DATA_DIR=str(baton.data_dir), BATON_PORT=str(free_port())
        )
        assert (code, output.count("\n")) == (1, 1)
        assert "in use by another Baton" in output
        code, output = await run_baton(
            "serve", BATON_DATA_DIR=str(tmp_path / "2"), BATON_PORT=str(baton.port)
        )
        assert (code, output.count("\n")) == (1, 1)
        assert f"BATON_PORT is {baton.port}" in output


async def test_a_wrong_variable_stops_the_start_with_one_line():
    code, output = await run_baton("serve", BATON_PORT="eighty")
    assert code == 1
    assert "BATON_PORT" in output
    assert "eighty" in output
    assert output.count("\n") == 1


@pytest.mark.slow
async def test_a_stop_under_load_is_quick_and_acknowledges_only_what_is_stored(tmp_path):
    async with BatonProcess(tmp_path / "var") as baton:
        visitor = VisitorClient(baton.url)
        await visitor.hello()
        for n in range(20):
            await visitor.send({"type": "message.post", "client_id": f"m{n}", "text": f"text {n}"})
        began = time.monotonic()
        assert await baton.stop() == 0
        assert time.monotonic() - began < 10
        assert await visitor.until_closed() == 1012
        acked = {f["client_id"]: f["seq"] for f in visitor.of_type("message.ack")}
        await baton.start()
        await visitor.hello()
        stored = {
            e["client_id"]: e["seq"] for e in visitor.of_type("ready")[-1]["entries"] if "client_id" in e
        }
        assert acked.items() <= stored.items()
        await visitor.close()
