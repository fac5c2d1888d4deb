"""`/makegood link`: a channel or a thread remembers whom it is about."""

from __future__ import annotations

from tests.flows.orders.test_flow_find import GUEST, rows
from tests.support.agent import Agent, words
from tests.support.running import Running


async def test_a_linked_channel_shows_the_customers_orders(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link")
    await anna.wait_for_message("This channel is not linked")

    await anna.command("/makegood link Maya Lindqvist")
    linked = await anna.wait_for_message("This channel is linked to *Maya Lindqvist*")
    await anna.command("/order")
    found = await anna.wait_for_message("newest first", "/makegood unlink")

    assert linked["ephemeral"]
    assert 1042 in rows(found)
    await anna.command("/makegood link")
    await anna.wait_for_message("linked to *Maya Lindqvist*", f"<@{anna.user}>")


async def test_only_numbers_are_kept(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link customer1@mail.example")
    await anna.wait_for_message("This channel is linked to *Maya Lindqvist*")

    (kept,) = running.query("SELECT * FROM links")

    assert kept["customer_id"] == 1
    assert "@" not in str(kept)
    assert "Maya" not in str(kept)


async def test_a_guest_is_linked_by_the_order(running: Running, anna: Agent) -> None:
    await anna.command(f"/makegood link {GUEST}")
    await anna.wait_for_message("This channel is linked to *Rosa Ibarra*")
    (kept,) = running.query("SELECT * FROM links")
    assert (kept["customer_id"], kept["order_id"]) == (None, 1018)

    await anna.command("/order")

    await anna.wait_for_message("Order 1018 of Rosa Ibarra")


async def test_an_order_number_links_its_customer(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link #1042")

    await anna.wait_for_message("This channel is linked to *Maya Lindqvist*")


async def test_one_of_several_is_chosen(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link an")
    choice = await anna.wait_for_message("Who is meant?")
    assert len([block for block in choice["blocks"] if "accessory" in block]) > 1

    await anna.press_in_message(choice, "Link")

    await anna.wait_for_message("This channel is linked.")
    assert len(running.query("SELECT * FROM links")) == 1


async def test_unlinking_brings_the_form_back(running: Running, anna: Agent) -> None:
    await anna.command("/makegood unlink")
    await anna.wait_for_message("This channel is not linked")
    await anna.command("/makegood link 1042")
    await anna.wait_for_message("This channel is linked")

    await anna.command("/makegood unlink")
    await anna.wait_for_message("This channel is no longer linked")
    await anna.command("/order")

    await anna.wait_for_modal("Find an order")


async def test_a_link_to_nobody_says_what_was_tried(anna: Agent) -> None:
    await anna.command("/makegood link nobody@mail.example")

    await anna.wait_for_message("Nothing was found", "What was searched")


async def test_each_channel_has_its_own(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link 1042")
    await anna.wait_for_message("This channel is linked")
    elsewhere = await running.agent("Anna", "general")

    await elsewhere.command("/makegood link")

    await elsewhere.wait_for_message("This channel is not linked")


async def test_a_forged_link_links_nothing(running: Running, anna: Agent) -> None:
    await anna.command("/makegood link an")
    choice = await anna.wait_for_message("Who is meant?")
    await anna.press_in_message(choice, "Link")
    await anna.wait_for_message("This channel is linked.")
    pressed = await running.delivered("block_actions")
    kept = running.query("SELECT * FROM links")
    for value in ("customer x", "order", "DROP TABLE links", "admin 1", "customer ١"):
        pressed["actions"][0]["value"] = value
        await running.deliver(pressed)

    await anna.wait_for_message("has expired")

    assert running.query("SELECT * FROM links") == kept


async def test_who_may_not_use_the_bot_links_nothing(running: Running, dev: Agent) -> None:
    await dev.command("/makegood link 1042")

    await dev.wait_for_message("You cannot use Makegood yet")
    assert running.query("SELECT * FROM links") == []


async def test_a_thread_is_linked_from_a_message(running: Running, anna: Agent) -> None:
    root = await anna.say("The lady with the ferns calls again")
    reply = await anna.say("What do we know?", thread_ts=root["ts"])
    await anna.shortcut(reply, "order_actions")
    await anna.wait_for_modal("mentions no order number")

    await anna.press("Link this thread to")
    await anna.wait_for_modal("Link to a customer")
    wrong = await anna.fill({"wanted": "??"})
    assert "Type an order number" in wrong["errors"]["wanted"]
    await anna.fill({"wanted": "nobody@mail.example"})
    await anna.wait_for_modal("Nothing was found")
    await anna.fill({"wanted": "customer1@mail.example"})
    await anna.wait_for_modal("This thread is linked to *Maya Lindqvist*")
    await anna.close()
    await anna.shortcut(root, "order_actions")

    view = await anna.wait_for_modal("Orders of Maya Lindqvist")
    assert 1042 in rows(view)
    await anna.command("/makegood link")
    await anna.wait_for_message("This channel is not linked")
    await anna.press("Link this thread to")
    await anna.wait_for_modal("This thread is linked to a customer")
    await anna.press("Unlink")
    await anna.wait_for_modal("This thread is no longer linked")
    assert running.query("SELECT * FROM links") == []


async def test_one_of_several_is_chosen_for_a_thread(running: Running, anna: Agent) -> None:
    root = await anna.say("Who was it?")
    await anna.shortcut(root, "order_actions")
    await anna.wait_for_modal("Link this thread to")
    await anna.press("Link this thread to")
    await anna.wait_for_modal("Link to a customer")
    await anna.fill({"wanted": "an"})
    view = await anna.wait_for_modal("Who is meant?")

    await anna.press("Link")

    await anna.wait_for_modal("This thread is linked")
    (kept,) = running.query("SELECT * FROM links")
    assert (kept["channel"], kept["thread_ts"]) == (anna.channel, root["ts"])
    assert words(view)
