"""The rules of the selects that are not filled with options of their own.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element and
https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
"""

from __future__ import annotations

from bot.sandbox.slack.blocks.facts import MAX_ID, MAX_OPTIONS
from bot.sandbox.slack.blocks.objects import PLAIN, check_option
from bot.sandbox.slack.blocks.problems import Problems
from bot.sandbox.slack.errors import Json

CONVERSATIONS = frozenset({"im", "mpim", "private", "public"})
_FILTER = frozenset({"include", "exclude_external_shared_channels", "exclude_bot_users"})


def check_external_select(problems: Problems, element: Json, at: str) -> None:
    """Check a select whose options the app is asked for."""
    least = element.get("min_query_length")
    if least is not None and (not isinstance(least, int) or least < 0):
        problems.add("must be an integer", f"{at}/min_query_length")
    if element.get("initial_option") is not None:
        check_option(problems, element["initial_option"], f"{at}/initial_option", kinds=PLAIN)
    if "initial_options" in element:
        place = f"{at}/initial_options"
        for pointer, option in problems.items(element["initial_options"], place, most=MAX_OPTIONS):
            check_option(problems, option, pointer, kinds=PLAIN)
    check_most(problems, element, at)


def check_most(problems: Problems, element: Json, at: str) -> None:
    """Check how many items may be chosen, at least one."""
    most = element.get("max_selected_items")
    if most is None:
        return
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        problems.add("must be an integer of at least 1", f"{at}/max_selected_items")


def check_own_select(problems: Problems, element: Json, at: str) -> None:
    """Check a select that Slack fills with people, channels or conversations."""
    what = str(element["type"]).removeprefix("multi_").removesuffix("s_select")
    problems.string(element, f"initial_{what}", at, most=MAX_ID, least=1)
    initial = element.get(f"initial_{what}s")
    if initial is not None and not _is_list_of_ids(initial):
        problems.add("must provide an array of strings", f"{at}/initial_{what}s")
    problems.flag(element, "default_to_current_conversation", at)
    problems.flag(element, "response_url_enabled", at)
    check_most(problems, element, at)
    if element.get("filter") is not None:
        _check_filter(problems, element["filter"], f"{at}/filter")


def _check_filter(problems: Problems, wanted: object, at: str) -> None:
    if not isinstance(wanted, dict):
        problems.add("must provide an object", at)
        return
    problems.fields(wanted, _FILTER, at)
    if not wanted.keys() & _FILTER:
        problems.add("must have at least one field", at)
    for name in ("exclude_external_shared_channels", "exclude_bot_users"):
        problems.flag(wanted, name, at)
    kinds = wanted.get("include", ["im"])
    if not _is_list_of_ids(kinds) or not kinds:
        problems.add("must provide a non-empty array", f"{at}/include")
    elif not set(kinds) <= CONVERSATIONS:
        problems.add("unsupported conversation type", f"{at}/include")


def _is_list_of_ids(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
