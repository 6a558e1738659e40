from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo.errors import NetworkTimeout

from server.store.mongo import (
    INDEXES,
    BulkWriteError,
    Database,
    DatabaseUnavailable,
    DuplicateKeyError,
    InsertOne,
    UpdateOne,
    connect,
    ensure_indexes,
    ping,
)
from tests.support.engine import fresh_connection, running_engine
from tests.support.faulty_database import FaultyDatabase

NOW = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)


@pytest.fixture
async def database(mongo_uri: str) -> AsyncGenerator[Database, None]:
    """One whose indexes may be changed."""
    async with fresh_connection(mongo_uri) as connection:
        yield connection.database


async def test_what_is_written_comes_back_with_aware_instants(repository_database: Database):
    await repository_database["messages"].insert_one({"_id": "c:1", "created_at": NOW})
    found = await repository_database["messages"].find_one({"_id": "c:1"})
    assert found == {"_id": "c:1", "created_at": NOW}
    assert found
    assert found["created_at"].tzinfo is not None


async def test_a_page_comes_newest_first_within_its_limit(repository_database: Database):
    conversations = repository_database["conversations"]
    await conversations.insert_many(
        [{"_id": str(n), "workspace_id": "w", "last_activity_at": n} for n in range(9)]
    )
    cursor = conversations.find({"workspace_id": "w"}, sort=[("last_activity_at", -1), ("_id", -1)], limit=3)
    assert [found["_id"] async for found in cursor] == ["8", "7", "6"]


async def test_a_second_writer_of_a_seq_is_refused(repository_database: Database):
    messages = repository_database["messages"]
    await messages.insert_one({"_id": "c:1", "conversation_id": "c", "seq": 1})
    with pytest.raises(DuplicateKeyError):
        await messages.insert_one({"_id": "other", "conversation_id": "c", "seq": 1})


async def test_a_client_id_is_unique_in_its_conversation_and_may_be_absent(repository_database: Database):
    messages = repository_database["messages"]
    await messages.insert_many(
        [
            {"_id": "c:1", "conversation_id": "c", "seq": 1, "client_id": "a"},
            {"_id": "c:2", "conversation_id": "c", "seq": 2, "client_id": None},
            {"_id": "c:3", "conversation_id": "c", "seq": 3},
            {"_id": "c:4", "conversation_id": "c", "seq": 4},
            {"_id": "d:1", "conversation_id": "d", "seq": 1, "client_id": "a"},
        ]
    )
    with pytest.raises(DuplicateKeyError):
        await messages.insert_one({"_id": "c:5", "conversation_id": "c", "seq": 5, "client_id": "a"})


async def test_an_unordered_batch_reports_each_refused_document(repository_database: Database):
    messages = repository_database["messages"]
    await messages.insert_one({"_id": "c:2", "conversation_id": "c", "seq": 2})
    batch = [{"_id": f"c:{seq}", "conversation_id": "c", "seq": seq} for seq in (1, 2, 3)]
    with pytest.raises(BulkWriteError) as caught:
        await messages.insert_many(batch, ordered=False)
    errors = caught.value.details["writeErrors"]
    assert [(error["index"], error["code"]) for error in errors] == [(1, 11000)]
    assert await messages.count_documents({}) == 3


async def test_bulk_writes_mix(repository_database: Database):
    jobs = repository_database["jobs"]
    result = await jobs.bulk_write(
        [InsertOne({"_id": "1", "attempts": 0}), UpdateOne({"_id": "1"}, {"$inc": {"attempts": 1}})]
    )
    assert (result.inserted_count, result.modified_count) == (1, 1)


async def test_indexes_are_made_once_and_made_anew_when_they_change(database: Database):
    users = database["users"]
    await users.drop_index("email")
    await users.create_indexes([index_named("email", "name")])
    await ensure_indexes(database)
    await ensure_indexes(database)
    for name, indexes in INDEXES.items():
        assert set(await database[name].index_information()) == {
            "_id_",
            *(index.document["name"] for index in indexes),
        }
    assert (await users.index_information())["email"]["key"] == [("email", 1)]


def index_named(name: str, key: str):
    kind = type(INDEXES["users"][0])
    return kind([(key, 1)], name=name)


async def test_documents_that_break_a_unique_index_stop_it_in_words(database: Database):
    await database["users"].drop_index("email")
    await database["users"].insert_many(
        [{"_id": "1", "email": "a@b.test"}, {"_id": "2", "email": "a@b.test"}]
    )
    with pytest.raises(DatabaseUnavailable, match="The indexes of the database could not be made") as caught:
        await ensure_indexes(database)
    assert len(str(caught.value).splitlines()) == 1


async def test_indexes_that_take_longer_than_an_answer_may_are_waited_for(database: Database, caplog):
    faults = FaultyDatabase(database)
    faults.fail["conversations.create_indexes"] = [NetworkTimeout("timed out"), NetworkTimeout("timed out")]
    await ensure_indexes(faults)
    assert faults.calls["conversations.create_indexes"] == 3
    assert "takes a while" in caplog.text
    faults.fail["conversations.create_indexes"] = [NetworkTimeout("timed out")]
    with pytest.raises(DatabaseUnavailable, match="timed out"):
        await ensure_indexes(faults, within_s=-1)


async def test_writes_are_durable_by_default(mongo_uri: str):
    async with fresh_connection(mongo_uri) as connection:
        concern = connection.database["messages"].write_concern.document  # pyright: ignore[reportAttributeAccessIssue]
    assert (concern["w"], concern["j"]) == ("majority", True)


@pytest.mark.slow
async def test_ping_says_whether_it_answers(tmp_path: Path):
    async with running_engine(tmp_path) as uri:
        connection = await connect(uri, "baton")
        assert await ping(connection.database)
    began = time.monotonic()
    assert not await ping(connection.database, 0.5)
    assert time.monotonic() - began < 2
    connection.close()


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("mongodb://root:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=300", "cannot be reached"),
        (
            "mongodb://127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&serverSelectionTimeoutMS=300",
            "cannot be reached",
        ),
        ("mongodb://127.0.0.1:port/", "BATON_MONGODB_URI is not right"),
        ("mongodb+srv://root:hunter2@127.0.0.1/", "BATON_MONGODB_URI is not right"),
    ],
)
async def test_no_database_is_said_in_one_line(uri: str, said: str):
    with pytest.raises(DatabaseUnavailable, match=said) as caught:
        await connect(uri, "baton")
    assert len(str(caught.value).splitlines()) == 1
    assert "hunter2" not in str(caught.value)


async def test_a_silent_database_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, says nothing
        port = silent.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="no answer within 1 s"):
            await connect(f"mongodb://127.0.0.1:{port}/?connectTimeoutMS=800", "baton", 1.0)
    assert time.monotonic() - began < 3


class Greeter(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def test_a_peer_that_speaks_no_mongodb_is_refused():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter) as peer:
        serving = threading.Thread(target=peer.serve_forever, args=(0.05,))
        serving.start()
        try:
            with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
                await connect(
                    f"mongodb://127.0.0.1:{peer.server_address[1]}/?serverSelectionTimeoutMS=500", "baton"
                )
        finally:
            peer.shutdown()
            serving.join()
