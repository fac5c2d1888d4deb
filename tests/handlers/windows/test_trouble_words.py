"""What is said in words of a window that Slack does not show as it should be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlers.block_kit import builders as kit
from handlers.block_kit.mrkdwn import typed
from handlers.windows.trouble_words import plain_words, spoken, stuck_words


def view(*blocks: kit.Block, title: str = "Full refund") -> dict[str, object]:
    return kit.modal(callback_id="x", title=title, blocks=blocks)


def test_a_window_that_only_speaks_is_said_whole() -> None:
    shown = view(
        kit.header("Done *now*"),
        kit.section("*Refunded* 5.00 USD"),
        kit.facts([("Order", "1042"), ("Total", "5.00 USD")])[0],
        kit.divider(),
        kit.context("As of noon", "by Anna"),
    )

    assert plain_words(shown) == (
        "Done ∗now∗\n*Refunded* 5.00 USD\n*Order*\n1042\n*Total*\n5.00 USD\nAs of noon\nby Anna"
    )
    assert stuck_words(shown, 1042).startswith("*Full refund*\nDone ∗now∗\n")


def test_links_are_left_out_and_say_nothing_to_do() -> None:
    row = kit.actions([kit.button("Open", "open", url="https://x.example")])

    assert spoken([kit.section("Done."), row]) == "Done."


def test_where_there_is_something_to_do_it_says_that_it_stands_still() -> None:
    button = kit.button("Refund", "go")

    for blocks in (
        [kit.actions([button])],
        [kit.section("Sure?", accessory=button)],
        [kit.input_block("a", "Amount", kit.text_input("a"))],
    ):
        assert spoken(blocks) == ""
        assert stuck_words(view(*blocks), 1042) == (
            "Slack did not take what the window “Full refund” (order 1042) was to show. Nothing "
            "more was sent from it; what you had confirmed counts. Close it and open it again."
        )
    assert "“Full refund” was to show" in stuck_words(view(kit.actions([button])), None)


@given(st.lists(st.text(max_size=900), max_size=12), st.text(max_size=60))
def test_however_much_it_says_a_message_holds_it(texts: list[str], title: str) -> None:
    said = stuck_words(
        view(*(kit.section(typed(text)) for text in texts), kit.header(title), title=title), None
    )

    assert len(said) <= 3000
    assert "<" not in said
    assert "\n\n\n" not in said
