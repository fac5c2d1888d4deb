"""The message of a discount code that no longer works says so, and offers nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.running import Running, configure

CODE = "SORRY-END"


async def create(agent: Agent, command: str = "/discount-code 1042", **values: str) -> Any:
    """Create the code and return its message."""
    await agent.command(command)
    await agent.wait_for_modal("Applies to")
    filled = {"code": CODE, "value": "10", "reason": "Customer request", **values}
    answer = await agent.fill(filled)
    assert not answer.get("errors"), answer
    await agent.wait_for_modal("Change something")
    await agent.fill()
    told = await agent.wait_for_reply(1042, CODE, "(Done")
    assert f"To copy: `{CODE}`" in words(told["blocks"])
    assert "Reply to the customer" in words(told["blocks"])
    return told


async def wait_for_end(agent: Agent, told: dict[str, Any], *texts: str) -> dict[str, Any]:
    """Return the code's message once it says that the code no longer works, and all these."""

    async def look() -> dict[str, Any] | None:
        now = next(each for each in await agent.thread(1042) if each["ts"] == told["ts"])
        said = words(now["blocks"])
        wanted = (f"Discount code {CODE} no longer works", *texts)
        return now if all(text in said for text in wanted) else None

    now = await wait_for(look, f"the end of the code, {texts}", agent._seen)
    said = f"{now['text']}\n{words(now['blocks'])}"
    assert "Reply to the customer" not in said
    assert "To copy" not in said
    assert "works at once" not in said
    assert "Switch it off" not in button_labels(now)
    assert f"Created discount code {CODE}" in said  # what it was
    return now


@pytest.mark.parametrize("as_coupons", [True, False])
async def test_a_code_that_was_switched_off_says_by_whom_and_since_when(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path, as_coupons: bool
) -> None:
    configure(tmp_path, "discount", {"as_coupons": as_coupons})
    told = await create(anna)

    await ben.press_in_message(told, "Switch it off")

    now = await wait_for_end(anna, told, f"Switched off by <@{ben.user}> <!date^")
    assert button_labels(now) == ["Was it used?"]
    entry = next(each for each in running.entries(1042) if each.code_over)
    assert (entry.code_over, entry.code_over_by) == ("off", ben.user)
    await anna.command("/order 1042 history")
    await anna.wait_for_message(f"the code was switched off by <@{ben.user}>")


async def test_a_code_that_is_found_switched_off_says_so_and_works_again_when_it_does(
    running: Running, anna: Agent
) -> None:
    told = await create(anna)
    await switch(running, "DISABLED")

    await anna.press_in_message(told, "Was it used?")

    now = await wait_for_end(anna, told, "It is switched off in BigCommerce, seen <!date^")
    await switch(running, "ENABLED")
    await anna.press_in_message(now, "Was it used?")

    async def look() -> Any:
        again = next(each for each in await anna.thread(1042) if each["ts"] == told["ts"])
        return again if "Switch it off" in button_labels(again) else None

    again = await wait_for(look, "the code's buttons")
    assert f"To copy: `{CODE}`" in words(again["blocks"])


async def test_a_code_that_is_used_up_says_so_when_somebody_looks(
    running: Running, anna: Agent
) -> None:
    told = await create(anna, max_uses="2")
    await running.workspace.post("store/uses", code=CODE, uses=2)

    await anna.press_in_message(told, "Was it used?")

    await anna.wait_for_reply(1042, "was used twice (of at most 2). It is used up.")
    await wait_for_end(anna, told, "It was used as often as it could be, seen <!date^")


@pytest.mark.parametrize("press", ["Was it used?", "Switch it off"])
async def test_a_code_that_is_not_there_any_more_keeps_no_button(
    running: Running, anna: Agent, press: str
) -> None:
    told = await create(anna)
    await change(running, {"name": "Spring sale"})

    await anna.press_in_message(told, press)

    now = await wait_for_end(anna, told, "It was deleted or renamed in BigCommerce, seen <!date^")
    assert button_labels(now) == []


async def test_a_code_ends_by_itself_at_its_time(running: Running, anna: Agent) -> None:
    told = await create(anna, expires="7")

    with freeze_time(datetime.now(UTC) + timedelta(days=9), tick=True, real_asyncio=True):
        now = await wait_for_end(anna, told, "It expired <!date^")

    entry = next(each for each in running.entries(1042) if each.code_over)
    assert str(entry.code_over_at) == str(
        datetime.fromisoformat(entry.request["expires_at"]).astimezone(UTC)
    )
    assert button_labels(now) == ["Was it used?"]


async def test_the_window_does_not_go_on_praising_it(
    running: Running, anna: Agent, ben: Agent
) -> None:
    told = await create(anna)
    await anna.wait_for_modal("it works at once")

    await ben.press_in_message(told, "Switch it off")

    window = await anna.wait_for_modal("It no longer works")
    assert "works at once" not in words(window)


async def test_the_root_does_not_keep_what_was_under_way(running: Running, anna: Agent) -> None:
    told = await create(anna)
    await running.workspace.store_fault(match="PUT promotions/*", kind="delay", delay_s=2)

    await anna.press_in_message(told, "Switch it off")

    for is_there in (True, False):
        await wait_for_root(anna, "Under way: Switch off a code", is_there=is_there)
    assert next(each for each in running.entries(1042) if each.code_over)


async def wait_for_root(agent: Agent, text: str, *, is_there: bool) -> None:
    async def look() -> bool | None:
        root = await agent.root(1042)
        return True if root and (text in words(root["blocks"])) == is_there else None

    await wait_for(look, f"a root {'with' if is_there else 'without'} {text!r}")


async def switch(running: Running, status: str) -> None:
    await change(running, {"status": status})


async def change(running: Running, fields: dict[str, str]) -> None:
    """Change the promotion of the code in the control panel."""
    settings = running.sandbox.environment()
    store = f"{settings['BIGCOMMERCE_API_URL']}/stores/{settings['BIGCOMMERCE_STORE_HASH']}"
    token = {"X-Auth-Token": settings["BIGCOMMERCE_ACCESS_TOKEN"], "Accept": "application/json"}
    (promotion,) = (await running.workspace.books())["promotions"]
    url = f"{store}/v3/promotions/{promotion['id']}"
    async with running.session.put(url, json=fields, headers=token) as answer:
        assert answer.status < 300, await answer.text()
