"""What all calls to a store share: one transport, the quota, and how an answer is read."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from pydantic import BaseModel

from bot.bigcommerce.answers import read_list, read_model
from bot.bigcommerce.caller import Caller
from bot.bigcommerce.limits import Limits, Share
from bot.bigcommerce.paging import v2_pages
from bot.bigcommerce.transport import Call, Transport
from bot.clean_text import clean_text

M = TypeVar("M", bound=BaseModel)


class StoreCalls:
    """One store's API. Every method raises BigCommerceError and nothing else of HTTP.

    Reads and quotes are repeated a few times when no answer comes; writes never are once bytes may
    have left. A call waits for quota up to `max_wait_s`. Times are in seconds.
    """

    def __init__(
        self,
        *,
        store_hash: str,
        access_token: str,
        api_url: str = "https://api.bigcommerce.com",
        max_wait_s: float = 60,
        read_timeout_s: float = 10,
        write_timeout_s: float = 30,
        connect_timeout_s: float = 5,
        retry_waits_s: Sequence[float] = (0.5, 2),
    ) -> None:
        self._transport = Transport(
            store_hash=store_hash,
            access_token=access_token,
            api_url=api_url,
            connect_timeout_s=connect_timeout_s,
        )
        self._caller = Caller(
            self._transport, Limits(), max_wait_s=max_wait_s, retry_waits_s=retry_waits_s
        )
        self._read_timeout_s = read_timeout_s
        # Quotes too: BigCommerce asks the tax service before it answers.
        self._write_timeout_s = write_timeout_s
        self._share = Share.LOOK

    @property
    def money(self) -> Self:
        """The same client for what is read around a write: it goes before everybody's looks."""
        return self._with(Share.MONEY)

    @property
    def background(self) -> Self:
        """The same client for work that nobody is waiting for: it leaves more quota to the rest."""
        return self._with(Share.BACKGROUND)

    def _with(self, share: Share) -> Self:
        view = copy.copy(self)
        view._share = share
        return view

    async def close(self) -> None:
        """Close the connections, of every view too; the client cannot be used afterwards."""
        await self._transport.close()

    def _read(self, path: str, query: dict[str, str] | None = None) -> Call:
        return Call(
            method="GET",
            path=path,
            query={name: clean_text(value) for name, value in (query or {}).items()},
            timeout_s=self._read_timeout_s,
            repeatable=True,
            share=self._share,
        )

    def _write(self, method: str, path: str, body: Any, *, repeatable: bool = False) -> Call:
        return Call(
            method=method,
            path=path,
            body=body,
            timeout_s=self._write_timeout_s,
            repeatable=repeatable,
            # A quote changes nothing, and is as urgent as what it is read for.
            share=self._share if repeatable else Share.MONEY,
        )

    async def _get(self, model: type[M], path: str) -> M:
        call = self._read(path)
        return read_model(model, call, await self._caller.fetch(call))

    async def _get_all_v2(
        self, model: type[M], path: str, query: dict[str, str] | None = None
    ) -> list[M]:
        call = self._read(path, query)
        return read_list(model, call, await v2_pages(self._caller, call))
