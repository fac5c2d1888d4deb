"""The fields of the discount code's form, each drawn from what was typed before."""

from __future__ import annotations

from handlers.block_kit.builders import (
    Block,
    Option,
    actions,
    button,
    context,
    number_input,
    option,
    radio,
    select,
    text_input,
)
from handlers.block_kit.mrkdwn import inert
from handlers.discounts.form_context import CodeContext
from handlers.discounts.form_terms import DAYS, FIXED, FREE_SHIPPING, NEVER, ON_DATE, PERCENTAGE
from handlers.flow.form import FormState

ANOTHER, PRESET = "form:another_code", "form:preset"
EVERY_CHANNEL = "0"
MOST_USES = 100_000
# What goes for a code whose worth has no bound, by how the shop's rules are set.
REFUSED, WITH_APPROVAL = "refused", "approval"
EMPTY = {
    REFUSED: "Needed: there are limits on what may be given away.",
    WITH_APPROVAL: "Empty for no limit: then it needs approval.",
    "": "Empty for no limit.",
}


def head_fields(form: FormState) -> list[Block]:
    """Return the caps, the presets and the button for another code, above all that they fill."""
    known = CodeContext.of(form.context)
    row: list[Block] = []
    if known.presets:
        entries = [option(preset.name, str(place)) for place, preset in enumerate(known.presets)]
        row.append(select(PRESET, entries, placeholder="Fill in a preset …"))
    row.append(button("Another code", ANOTHER))
    caps = [context(inert(known.caps))] if known.caps else []
    return [*caps, actions(row, block_id=f"preset~{form.opened.drawn}")]


def code_field(form: FormState) -> list[Block]:
    """Return the code, made up beforehand."""
    typed = str(form.values.get("code", CodeContext.of(form.context).code))
    element = text_input("code", initial=typed, placeholder="SORRY-7F3K2Q", max_length=60)
    hint = "Made up for you; type another one if you like: letters, digits, spaces, - and _."
    return form.field("code", "Discount code", element, hint=hint)


def value_fields(form: FormState) -> list[Block]:
    """Return what the code takes off, and in which currency where there are several."""
    known = CodeContext.of(form.context)
    only = known.currency if len(known.currencies) < 2 else ""
    kinds = [
        option(f"Fixed amount in {only}" if only else "Fixed amount", FIXED, "Off the total, once"),
        option("Percentage", PERCENTAGE, "Off each item that it applies to"),
        option("Free shipping", FREE_SHIPPING, "For the order as a whole"),
    ]
    kind = radio("type", kinds, initial=form.text("type") or PERCENTAGE)
    value = text_input("value", initial=form.text("value"), placeholder="10", max_length=30)
    hint = (
        f"For a percentage a number such as 10, for an amount one such as 7.50, in "
        f"{only or 'the currency below'}. Only free shipping needs none."
    )
    return [
        *form.field("type", "Type", kind),
        *form.field("value", "Value: percent or amount", value, hint=hint, optional=True),
        *_ceiling_field(form),
        *(_currency_field(form) if not only else []),
    ]


def _ceiling_field(form: FormState) -> list[Block]:
    """Return the most that a percentage takes off one order, at first the shop's usual one."""
    typed = str(form.values.get("ceiling", CodeContext.of(form.context).usual_ceiling))
    element = text_input("ceiling", initial=typed, placeholder="50.00", max_length=30)
    hint = f"The most that a percentage takes off one order. {_empty(form)}"
    return form.field("ceiling", "At most", element, hint=hint, optional=True)


def _currency_field(form: FormState) -> list[Block]:
    known = CodeContext.of(form.context)
    entries = [option(each.label, each.code) for each in known.currencies]
    chosen = form.text("currency") or known.order_currency
    hint = (
        "For amounts of money. Without “At most” and minimum spend, a percentage works in every "
        "currency."
    )
    if known.as_coupons:
        hint = f"Codes work for orders in {known.currency} only."
    return form.field(
        "currency", "Currency", select("currency", entries, initial=chosen), hint=hint
    )


def item_fields(form: FormState) -> list[Block]:
    """Return the type-aheads over categories and products, and the minimum spend."""
    spend = text_input(
        "minimum_spend", initial=form.text("minimum_spend"), placeholder="50.00", max_length=30
    )
    hint = "The least that the order has to come to. Empty for no minimum."
    products = _type_ahead(form, "product_ids", "All products", least=2)
    return [
        *_category_fields(form),
        *form.field(
            "product_ids",
            "Or only these products",
            products,
            hint="Type a part of the name or the SKU.",
            optional=True,
        ),
        *form.field("minimum_spend", "Minimum spend", spend, hint=hint, optional=True),
    ]


def _category_fields(form: FormState) -> list[Block]:
    if not CodeContext.of(form.context).categories:
        return [context("The categories cannot be read just now; the code applies to all of them.")]
    element = _type_ahead(form, "category_ids", "All categories", least=0)
    hint = "Leave it empty for all categories."
    return form.field("category_ids", "Applies to", element, hint=hint, optional=True)


def _type_ahead(form: FormState, name: str, placeholder: str, *, least: int) -> Block:
    element: Block = {
        "type": "multi_external_select",
        "action_id": name,
        "min_query_length": least,
        "placeholder": {"type": "plain_text", "text": placeholder},
    }
    chosen = [option(text, value) for value, text in form.values.get(name) or []]
    return element | ({"initial_options": chosen} if chosen else {})


def expiry_fields(form: FormState) -> list[Block]:
    """Return how long the code is valid, within the cap."""
    known = CodeContext.of(form.context)
    most = known.most_days
    entries: list[Option] = [
        option(text, days) for days, text in DAYS.items() if most is None or int(days) <= most
    ]
    if most is None:
        entries.append(option("Never expires", NEVER))
    entries.append(option("On a date …", ON_DATE))
    picker: Block = {"type": "datepicker", "action_id": "expires_at"}
    last_day = form.values.get("expires_at", known.expires_at)
    if last_day:
        picker["initial_date"] = last_day
    hint = f"Only for “On a date …”. The code works until the end of that day in {known.zone}."
    chosen = form.text("expires") or known.expires
    if chosen not in {entry["value"] for entry in entries}:
        chosen = ON_DATE
    return [
        *form.field("expires", "Valid for", select("expires", entries, initial=chosen)),
        *form.field("expires_at", "Last day", picker, hint=hint, optional=True),
    ]


def use_fields(form: FormState) -> list[Block]:
    """Return how often the code can be used; once, unless somebody says otherwise."""
    total = number_input(
        "max_uses", minimum=1, maximum=MOST_USES, initial=str(form.values.get("max_uses", "1"))
    )
    each = number_input(
        "max_uses_per_customer",
        minimum=1,
        maximum=MOST_USES,
        initial=form.text("max_uses_per_customer"),
    )
    return [
        *form.field("max_uses", "Uses in all", total, hint=_empty(form), optional=True),
        *form.field(
            "max_uses_per_customer",
            "Uses by each customer",
            each,
            hint="Empty for no limit.",
            optional=True,
        ),
    ]


def _empty(form: FormState) -> str:
    """Return what becomes of a code for which this field is left empty."""
    return EMPTY[CodeContext.of(form.context).unbounded]


def channel_field(form: FormState) -> list[Block]:
    """Return where the code works, for a store with several storefronts."""
    channels = CodeContext.of(form.context).channels
    if len(channels) < 2:
        return []
    entries = [option("Every storefront", EVERY_CHANNEL)]
    entries += [option(name, str(number)) for number, name in channels]
    chosen = form.text("channel_id") or EVERY_CHANNEL
    return form.field("channel_id", "Works in", select("channel_id", entries, initial=chosen))
