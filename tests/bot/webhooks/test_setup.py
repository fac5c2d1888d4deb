"""The bot's hooks in the store: made once, switched on again, deleted; nobody else's touched."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, Refused
from bot.bigcommerce.webhooks import HOOK_SCOPES, Hook
from bot.webhooks.secret import HEADER
from bot.webhooks.setup import (
    NoAddress,
    look_up,
    mend,
    switch_hooks_off,
    switch_hooks_on,
    webhook_address,
)
from tests.support.running import SandboxOnly

ADDRESS = "https://makegood.example/webhooks"
OTHER = "https://other.example/hooks"


@pytest.fixture
async def store(sandbox_only: SandboxOnly) -> AsyncIterator[BigCommerceClient]:
    settings = sandbox_only.environment()
    client = BigCommerceClient(
        store_hash=settings["BIGCOMMERCE_STORE_HASH"],
        access_token=settings["BIGCOMMERCE_ACCESS_TOKEN"],
        api_url=settings["BIGCOMMERCE_API_URL"],
        retry_waits_s=(0.01,),
    )
    yield client
    await client.close()


async def ours(store: BigCommerceClient) -> list[Hook]:
    """Return the hooks that are there, but for the one of another app of the same account."""
    first, *hooks = await store.hooks.all()
    assert first.destination == "https://stock.fern.example/hooks"
    return hooks


async def test_every_scope_gets_its_hook_with_the_secret(store: BigCommerceClient) -> None:
    found = await switch_hooks_on(store, ADDRESS, "s3cret")

    assert found.is_complete
    assert sorted(hook.scope for hook in found.active) == sorted(HOOK_SCOPES)
    assert {hook.headers[HEADER] for hook in await ours(store)} == {"s3cret"}


async def test_switching_on_twice_makes_nothing_twice(store: BigCommerceClient) -> None:
    first = await switch_hooks_on(store, ADDRESS, "s3cret")
    second = await switch_hooks_on(store, ADDRESS, "s3cret")

    assert [hook.id for hook in first.active] == [hook.id for hook in second.active]
    assert len(await ours(store)) == len(HOOK_SCOPES)


async def test_a_lost_answer_makes_nothing_twice(
    sandbox_only: SandboxOnly, store: BigCommerceClient
) -> None:
    await sandbox_only.workspace.store_fault(match="POST hooks", kind="drop_after")

    with pytest.raises(BigCommerceError):
        await switch_hooks_on(store, ADDRESS, "s3cret")
    found = await switch_hooks_on(store, ADDRESS, "s3cret")

    assert found.is_complete
    assert len(await ours(store)) == len(HOOK_SCOPES)


async def test_one_with_an_old_secret_is_renewed(store: BigCommerceClient) -> None:
    await switch_hooks_on(store, ADDRESS, "old")

    assert len((await look_up(store, ADDRESS, "new")).inactive) == len(HOOK_SCOPES)
    assert (await switch_hooks_on(store, ADDRESS, "new")).is_complete
    assert {hook.headers[HEADER] for hook in await ours(store)} == {"new"}


async def test_hooks_of_other_addresses_and_scopes_stay(store: BigCommerceClient) -> None:
    theirs = await store.hooks.create(HOOK_SCOPES[0], OTHER, {})
    same_address = await store.hooks.create("store/customer/*", ADDRESS, {})
    await switch_hooks_on(store, ADDRESS, "s3cret")

    deleted, left = await switch_hooks_off(store, ADDRESS, "s3cret")

    assert len(deleted) == len(HOOK_SCOPES)
    assert (left.own, [hook.id for hook in left.others]) == ((), [same_address.id])
    assert [hook.id for hook in await ours(store)] == [theirs.id, same_address.id]
    assert (await switch_hooks_off(store, ADDRESS, "s3cret"))[0] == []


async def test_the_bots_hooks_of_a_former_address_are_known_and_deleted(
    store: BigCommerceClient,
) -> None:
    await switch_hooks_on(store, OTHER, "old")

    assert len((await look_up(store, ADDRESS, "new")).stale) == len(HOOK_SCOPES)
    found = await switch_hooks_on(store, ADDRESS, "new")

    assert found.is_complete
    hooks = await ours(store)
    assert {hook.destination for hook in hooks} == {ADDRESS}
    assert len(hooks) == len(HOOK_SCOPES)


async def test_off_deletes_those_of_every_address_and_scope_of_the_bots(
    store: BigCommerceClient,
) -> None:
    await switch_hooks_on(store, ADDRESS, "s3cret")
    await store.hooks.create(HOOK_SCOPES[0], OTHER, {HEADER: "old"})
    await store.hooks.create("store/order/*", ADDRESS, {HEADER.lower(): "old"})

    deleted, left = await switch_hooks_off(store, ADDRESS, "s3cret")

    assert (len(deleted), left.own, await ours(store)) == (len(HOOK_SCOPES) + 2, (), [])


async def test_one_that_cannot_be_deleted_is_left_and_said_so(
    sandbox_only: SandboxOnly, store: BigCommerceClient
) -> None:
    on = await switch_hooks_on(store, ADDRESS, "s3cret")
    stuck = on.active[2]
    await sandbox_only.workspace.store_fault(
        match=f"DELETE hooks/{stuck.id}", kind="status", status=403, times=9
    )

    deleted, left = await switch_hooks_off(store, ADDRESS, "s3cret")

    assert len(deleted) == len(HOOK_SCOPES) - 1
    assert [hook.id for hook in left.own] == [stuck.id]


async def test_mending_switches_on_again_what_was_switched_on_once(
    sandbox_only: SandboxOnly, store: BigCommerceClient
) -> None:
    assert await mend(store, ADDRESS, "s3cret") is None
    assert await ours(store) == []
    await switch_hooks_on(store, ADDRESS, "s3cret")
    assert await mend(store, ADDRESS, "s3cret") is None
    await sandbox_only.workspace.post("store/hooks-off")

    mended = await mend(store, ADDRESS, "s3cret")

    assert mended is not None
    assert len(mended.active) == len(HOOK_SCOPES)
    assert await mend(store, ADDRESS, "s3cret") is None


async def test_an_activation_that_does_not_take_is_not_called_one(
    sandbox_only: SandboxOnly, store: BigCommerceClient
) -> None:
    await switch_hooks_on(store, ADDRESS, "old")
    fault = {"match": "PUT hooks/*", "kind": "misread", "set": {"is_active": False}}
    await sandbox_only.workspace.store_fault(**fault)

    found = await switch_hooks_on(store, ADDRESS, "new")

    assert (len(found.active), len(found.inactive)) == (len(HOOK_SCOPES) - 1, 1)


async def test_a_deleted_hook_may_be_deleted_again(store: BigCommerceClient) -> None:
    hook = await store.hooks.create(HOOK_SCOPES[0], OTHER, {})

    await store.hooks.delete(hook.id)
    await store.hooks.delete(hook.id)

    assert await ours(store) == []


@pytest.mark.parametrize(
    "address", ["http://a.example/x", "https://a.example:8443/x", "https:///x", "a.example"]
)
async def test_the_store_takes_https_on_443_only(store: BigCommerceClient, address: str) -> None:
    with pytest.raises(Refused):
        await store.hooks.create(HOOK_SCOPES[0], address, {})


async def test_the_store_refuses_the_same_hook_twice(store: BigCommerceClient) -> None:
    await store.hooks.create(HOOK_SCOPES[0], OTHER, {})

    with pytest.raises(Refused):
        await store.hooks.create(HOOK_SCOPES[0], OTHER, {})


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://a.example/hooks ", "https://a.example/hooks"),
        ("https://a.example:443", "https://a.example/"),
    ],
)
def test_an_address_is_read(typed: str, address: str) -> None:
    assert webhook_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "http://a.example",
        "https://a.example:8443",
        "https://",
        "https://a.example:x",
        "https://me:pw@a.example/",
        "https://a.example/?secret=1",
        "https://[a",
        "",
    ],
)
def test_an_address_that_bigcommerce_would_not_take_is_refused(typed: str) -> None:
    with pytest.raises(NoAddress):
        webhook_address(typed)
