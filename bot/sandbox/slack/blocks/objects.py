"""Block Kit's composition objects: text, options, confirmation dialogs."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.blocks.facts import (
    ELEMENT_OPTIONS,
    MAX_OPTION_TEXT,
    MAX_OPTION_VALUE,
    MAX_OPTIONS,
    STYLES,
)
from bot.sandbox.slack.blocks.problems import Problems
from bot.sandbox.slack.errors import Json

PLAIN = frozenset({"plain_text"})
ANY_TEXT = frozenset({"plain_text", "mrkdwn"})


def check_text(
    problems: Problems,
    owner: Json,
    name: str,
    pointer: str,
    *,
    most: int,
    kinds: frozenset[str] = ANY_TEXT,
    needed: bool = False,
) -> None:
    """Check the text object in `owner[name]`."""
    text = owner.get(name)
    if text is None:
        if needed:
            problems.add(f"missing required field: {name}", pointer)
        return
    check_text_object(problems, text, f"{pointer}/{name}", most=most, kinds=kinds)


def check_text_object(
    problems: Problems, text: Any, pointer: str, *, most: int, kinds: frozenset[str] = ANY_TEXT
) -> None:
    """Check one text object: its kind, its fields, between one and `most` characters."""
    if not isinstance(text, dict):
        problems.add("must provide an object", pointer)
        return
    kind = str(text.get("type"))
    if kind not in kinds:
        problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    extra = "emoji" if kind == "plain_text" else "verbatim"
    problems.fields(text, {"type", "text", extra}, pointer)
    problems.flag(text, extra, pointer)
    problems.string(text, "text", pointer, most=most, least=1, needed=True)


def check_confirm(problems: Problems, owner: Json, pointer: str) -> None:
    """Check the confirmation dialog of an element, when it has one."""
    confirm = owner.get("confirm")
    if confirm is None:
        return
    at = f"{pointer}/confirm"
    if not isinstance(confirm, dict):
        problems.add("must provide an object", at)
        return
    problems.fields(confirm, {"title", "text", "confirm", "deny", "style"}, at)
    check_text(problems, confirm, "title", at, most=100, kinds=PLAIN, needed=True)
    check_text(problems, confirm, "text", at, most=300, needed=True)
    check_text(problems, confirm, "confirm", at, most=30, kinds=PLAIN, needed=True)
    check_text(problems, confirm, "deny", at, most=30, kinds=PLAIN, needed=True)
    problems.one_of(confirm, "style", STYLES, at)


def check_option(
    problems: Problems, option: Any, pointer: str, *, kinds: frozenset[str], url: bool = False
) -> None:
    """Check one option object; only an overflow menu's may have a `url`."""
    if not isinstance(option, dict):
        problems.add("must provide an object", pointer)
        return
    problems.fields(option, {"text", "value", "description", *(["url"] if url else [])}, pointer)
    problems.string(option, "url", pointer, most=3000)
    check_text(problems, option, "text", pointer, most=MAX_OPTION_TEXT, kinds=kinds, needed=True)
    check_text(problems, option, "description", pointer, most=MAX_OPTION_TEXT, kinds=kinds)
    problems.string(option, "value", pointer, most=MAX_OPTION_VALUE, least=1, needed=True)


def check_options(
    problems: Problems,
    options: Any,
    pointer: str,
    *,
    most: int,
    kinds: frozenset[str] = PLAIN,
    url: bool = False,
) -> list[Json]:
    """Check a list of options, their values unique, and return those that are objects."""
    found = problems.items(options, pointer, most=most)
    seen: set[str] = set()
    for at, option in found:
        check_option(problems, option, at, kinds=kinds, url=url)
        if str(option.get("value")) in seen:
            problems.add("value must be unique among the options", f"{at}/value")
        seen.add(str(option.get("value")))
    return [option for _, option in found]


def check_option_groups(problems: Problems, groups: Any, pointer: str) -> list[Json]:
    """Check a list of option groups and return all their options."""
    options: list[Json] = []
    for at, group in problems.items(groups, pointer, most=MAX_OPTIONS):
        problems.fields(group, {"label", "options"}, at)
        check_text(problems, group, "label", at, most=MAX_OPTION_TEXT, kinds=PLAIN, needed=True)
        options += check_options(problems, group.get("options"), f"{at}/options", most=MAX_OPTIONS)
    return options


def check_choices(problems: Problems, element: Json, pointer: str) -> None:
    """Check an element's own options, and that what it starts with is among them."""
    kind = element["type"]
    if "option_groups" in element:
        options = check_option_groups(
            problems, element["option_groups"], f"{pointer}/option_groups"
        )
        if "options" in element:
            problems.add("only one of options and option_groups is allowed", pointer)
    else:
        kinds = ANY_TEXT if kind in {"checkboxes", "radio_buttons"} else PLAIN
        most = ELEMENT_OPTIONS[kind]
        options = check_options(
            problems,
            element.get("options"),
            f"{pointer}/options",
            most=most,
            kinds=kinds,
            url=kind == "overflow",
        )
    if element.get("initial_option") is not None and element["initial_option"] not in options:
        problems.add("initial_option must be one of the options", f"{pointer}/initial_option")
    if "initial_options" in element:
        at = f"{pointer}/initial_options"
        for place, option in problems.items(element["initial_options"], at, most=MAX_OPTIONS):
            if option not in options:
                problems.add("initial_options must be among the options", place)
