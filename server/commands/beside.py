"""The database for a command that runs beside the server, or without it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from server.config import prepare_data_dir
from server.store.embedded import engine_address
from server.store.mongo import connect, ensure_indexes

if TYPE_CHECKING:
    from server.config import Config
    from server.store.mongo import Database


@asynccontextmanager
async def database_of(config: Config) -> AsyncGenerator[Database, None]:
    """The configured database, with its indexes. Raises BatonError."""
    address = (
        nullcontext(config.mongodb_uri)
        if config.mongodb_uri
        else engine_address(prepare_data_dir(config.data_dir))
    )
    async with address as uri:
        connection = await connect(uri, config.mongodb_database)
        try:
            await ensure_indexes(connection.database)
            yield connection.database
        finally:
            connection.close()
