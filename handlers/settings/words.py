"""The configuration in words: each section as labels and values, the same wherever it is shown.

Labels are plain text, values mrkdwn. All of it is bounded, however much is configured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.registry import ACTIONS
from bot.config.configuration import (
    AMOUNT_NAMES,
    ActionRule,
    Configuration,
    DiscountRules,
    People,
    Preset,
)
from bot.config.old_limits import without_amounts
from handlers.block_kit.mrkdwn import mention_channel, shorten, typed
from handlers.settings.names import Wording

NOTIFICATIONS = {
    "bigcommerce": "BigCommerce, as the store is set up",
    "email": "Makegood, when the agent ticks the box",
}
ON, OFF = "on", "off"
STACKING = {
    "together": "Codes are valid together with other promotions that allow it",
    "alone": "Codes are not valid where another promotion applies already",
    "replaces": "Codes are valid in place of all other promotions",
}
MADE_AS = {
    OFF: "Promotions: every currency and storefront",
    ON: "Coupons: can be edited in the control panel",
}
TITLES = {
    "activated": "Actions",
    "audit_channel": "Audit channel",
    "notifications": "E-mail to customers",
    "approvers": "Approvals",
    "approval_hours": "Approvals",
    "approval_above": "Approvals",
    "limit": "Limits",
    "guests": "Guests",
    "day_limit": "Limits",
    "hour_limit": "Limits",
    "refund_before_cancel": "Cancelling",
    "recorded_only": "Record-only refunds",
    "store_credit": "Store credit",
    "restocking": "Restocking",
    "discount": "Discount codes",
}
Words = tuple[str, str]


def title_of_section(section: str) -> str:
    """Return what a section is called."""
    name, _, action = section.partition(".")
    if action:
        return ACTIONS[action].title if action in ACTIONS else action
    return TITLES.get(name, name)


def on_or_off(is_on: bool) -> str:
    """Return it in a word."""
    return ON if is_on else OFF


def in_words(section: str, value: Any, wording: Wording) -> list[Words]:
    """Return a section's plain value, as the history keeps it, as labels and words."""
    name, _, action = section.partition(".")
    if action:
        before = value or {}
        rule = ActionRule.model_validate(without_amounts(before))
        return [*rule_words(rule, wording), *_amounts_of_old(before, wording)]
    if name == "discount":
        rules = DiscountRules.model_validate(value)
        presets = [(f"Preset “{each.name}”", preset_words(each, wording)) for each in rules.presets]
        return [*discount_words(rules, wording), *presets]
    return [_simple(name, value, wording)]


def rule_words(rule: ActionRule, wording: Wording) -> list[Words]:
    """Return what goes for an action."""
    reasons = ", ".join(rule.reasons or ())
    return [
        ("Switched", on_or_off(rule.enabled)),
        ("Who", wording.people(rule.who)),
        ("Needs approval", "always" if rule.always_approve else "above the common amount"),
        ("Reasons", typed(reasons, limit=700) if reasons else "the usual ones"),
    ]


def _amounts_of_old(value: Mapping[str, Any], wording: Wording) -> list[Words]:
    """Return the amounts that each action had for itself in 0.1: only the history knows them."""
    return [
        (f"{AMOUNT_NAMES[name]}, for this action", wording.amount(value[name]))
        for name in ("limit", "approval_above")
        if value.get(name) is not None
    ]


def rule_summary(rule: ActionRule, wording: Wording) -> str:
    """Return what goes for an action in a few sentences of mrkdwn."""
    if not rule.enabled:
        return "Nobody is offered it, nobody can do it."
    who = wording.people(rule.who)
    summary = f"{who[0].upper()}{who[1:]}."
    if rule.always_approve:
        summary += " A second person always has to agree."
    if rule.reasons:
        summary += f"\nReasons: {typed(', '.join(rule.reasons), limit=700)}"
    return summary


def discount_words(rules: DiscountRules, wording: Wording) -> list[Words]:
    """Return what agents may give away."""
    percent = f"{rules.most_percent.normalize():f}%" if rules.most_percent else "no limit"
    days = f"{rules.most_days} days" if rules.most_days else "no limit"
    return [
        ("Codes start with", rules.prefix),
        ("Highest percentage", percent),
        ("Highest amount", wording.amount(rules.most_amount)),
        ("Free shipping", "no limit"),
        ("Longest validity", days),
        ("Usual ceiling of a percentage", wording.amount(rules.ceiling)),
        (AMOUNT_NAMES["most_worth"], wording.amount(rules.most_worth)),
        ("A code of unknown worth counts", _unknown_worth(rules, wording)),
        ("Beside other promotions", STACKING[rules.stacking]),
        ("Codes are made as", MADE_AS[on_or_off(rules.as_coupons)]),
    ]


def _unknown_worth(rules: DiscountRules, wording: Wording) -> str:
    return wording.amount(rules.unknown_counts_as, "as more than every amount set")


def preset_words(preset: Preset, wording: Wording) -> str:
    """Return what a preset gives, as plain text."""
    if preset.type == "percentage":
        value = f"{preset.value.normalize():f}%"
    else:
        value = wording.amount(preset.value)
    days = f"for {preset.days} days" if preset.days else "without an end"
    uses = {None: "any number of uses", 1: "single use"}.get(preset.uses, f"{preset.uses} uses")
    return f"{value}, {days}, {uses}"


def preset_names(presets: Sequence[Preset]) -> str:
    """Return the presets' names as mrkdwn."""
    return typed(shorten(" · ".join(preset.name for preset in presets), 700), limit=700) or "none"


def _simple(name: str, value: Any, wording: Wording) -> Words:
    known: Mapping[str, tuple[str, Any]] = {
        "activated": ("Actions", lambda: "activated" if value else "not activated"),
        "audit_channel": ("Channel", lambda: mention_channel(value)),
        "notifications": ("Sent by", lambda: NOTIFICATIONS[value]),
        "approvers": ("Who approves", lambda: wording.people(People.model_validate(value))),
        "approval_hours": (
            "Requests expire after",
            lambda: f"{value} {'hour' if value == 1 else 'hours'}",
        ),
        "approval_above": (AMOUNT_NAMES["approval_above"], lambda: wording.amount(value, "never")),
        "limit": (AMOUNT_NAMES["limit"], lambda: wording.amount(value)),
        "guests": ("Guests may act", lambda: "yes" if value else "no"),
        "day_limit": (AMOUNT_NAMES["day_limit"], lambda: wording.amount(value)),
        "hour_limit": (AMOUNT_NAMES["hour_limit"], lambda: wording.amount(value)),
        "refund_before_cancel": (
            "Unpaid order whose payment was taken",
            lambda: "refunded, then cancelled" if value else "refused",
        ),
        "recorded_only": ("Who may use them", lambda: _besides_leads(value, wording)),
        "store_credit": ("Who may give it", lambda: _besides_leads(value, wording)),
        "restocking": ("Offered to agents", lambda: on_or_off(value)),
    }
    label, words = known[name]
    return label, words()


def _besides_leads(value: Any, wording: Wording) -> str:
    people = People.model_validate(value)
    if people == People():
        return "approvers and admins"
    return (
        wording.people(people)
        if people.everyone
        else f"approvers, admins, {wording.people(people)}"
    )


def section_words(configuration: Configuration, sections: Sequence[str], wording: Wording) -> str:
    """Return sections as they are now, as rows of mrkdwn."""
    plain = configuration.model_dump(mode="json")
    pairs = [pair for name in sections for pair in in_words(name, plain[name], wording)]
    return " · ".join(f"{label}: {words}" for label, words in pairs)
