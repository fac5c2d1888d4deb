"""The kinds of messages: how each comes about, with which calls, and what has to stand at the end.

A kind is made ready in peace; then the trouble begins, and then somebody acts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.agent import View, button_labels
from tests.configuring import edit
from tests.looking import find_field
from tests.telling import screens
from tests.telling.cases import ANY, AUDIT, DIRECT, FOR_EVER, STATE, THIS, THREAD, TOP
from tests.telling.documented import RESPONSE_URL
from tests.telling.expected import Expected, Notice
from tests.telling.stage import Act, Stage
from tests.telling.states import STATES

SHIPPED, FULFILLMENT, CANCELLED = 1010, 1042, 5
REASON = {"reason": "Damaged"}
SLOW_S = 3600.0
FOR_GOOD = 999

POST = ("chat.postMessage", (ANY, AUDIT, THREAD, THIS, TOP))
EDIT = ("chat.update", (ANY,))
READ_BACK = (
    ("conversations.replies", (ANY,)),
    ("conversations.history", (ANY,)),
    ("chat.getPermalink", (ANY,)),
)
PEOPLE_READ = (
    ("conversations.members", (ANY,)),
    ("conversations.info", (ANY,)),
    ("users.info", (ANY,)),
    ("usergroups.list", (ANY,)),
    ("usergroups.users.list", (ANY,)),
)
# What leaves the buttons to approve with where they are.
WHILE_ASKED = ("locked", "read_only", "edit_window", "token_revoked")
Uses = Sequence[tuple[str, Sequence[str]]]


async def _nothing(stage: Stage) -> None:
    """Nothing has to be made ready."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`template` is the order that is copied. With `hours` the clock goes on before the trouble.

    `in_turn`: no other of its kind goes on meanwhile. `floor` is where it is told in the end.
    """

    name: str
    act: Act
    expected: Expected
    uses: Uses
    prepare: Act = _nothing
    template: int = SHIPPED
    hours: float = 0.0
    in_turn: bool = False
    floor: str = "thread"


# What people do.


async def _review_refund(stage: Stage) -> None:
    review = await stage.to_review("/refund-order", "Full refund", **REASON)
    stage.facts["review"] = review


async def _confirm(stage: Stage) -> None:
    await stage.confirm(stage.facts["review"])


async def _slowly(stage: Stage) -> None:
    """Let this order's gateway take for ever, and review a refund."""
    match = f"POST orders/{stage.order_id}/payment_actions/refunds"
    await stage.world.workspace.store_fault(kind="slow_settlement", match=match, delay_s=SLOW_S)
    await _review_refund(stage)


async def _on_its_way(stage: Stage) -> None:
    await _slowly(stage)
    await _confirm(stage)
    await stage.wait_for("(On its way")


async def _settle(stage: Stage) -> None:
    stage.world.settle(stage.order_id)


async def _decline_money(stage: Stage) -> None:
    refund = stage.order.refunds[-1]
    refund.will_decline = [payment.provider_id for payment in refund.payments]
    await _settle(stage)


async def _confirm_and_settle(stage: Stage) -> None:
    """Confirm; the money moves when it has been told that it is on its way, or a moment later."""
    await _confirm(stage)
    await stage.pause_until(lambda: stage.said("(On its way") is not None, 3.0)
    await _settle(stage)


async def _open_thread(stage: Stage) -> None:
    await _review_code(stage)
    await _confirm(stage)
    await stage.wait_for("(Done")
    await stage.close_all()


async def _threaded_review(stage: Stage) -> None:
    await _open_thread(stage)
    await _review_refund(stage)


async def _review_code(stage: Stage) -> None:
    values = {"value": "5", "code": f"SORRY-{stage.order_id}", "reason": "Customer request"}
    stage.facts["review"] = await stage.to_review("/discount-code", **values)


async def _switch_off(stage: Stage) -> None:
    message = await stage.wait_for("(Done", f"SORRY-{stage.order_id}")
    await stage.agent.press_in_message(message, "Switch it off")


async def _review_held(stage: Stage) -> None:
    stage.facts["review"] = await stage.to_review("/cancel-order", **REASON)


async def _ask(stage: Stage) -> None:
    await _review_held(stage)
    await _confirm(stage)
    stage.facts["asked"] = await stage.wait_for("asks for approval", "Approve")


async def _ask_and_decide(stage: Stage) -> None:
    await _confirm(stage)
    await _approve(stage)


async def _approve(stage: Stage) -> None:
    """Have somebody approve it as soon as they can, by whatever message asks for it."""

    async def decide() -> bool:
        asked = stage.said("asks for approval")
        if asked is not None and any(each.startswith("Approve") for each in button_labels(asked)):
            await stage.ben.press_in_message(asked, "Approve")
            await asyncio.sleep(0.2)
        return bool(stage.entries()) and not any(each.is_waiting for each in stage.entries())

    if await stage.pause_until(decide, 4.0):
        return
    if stage.case.times == FOR_EVER:
        stage.facts["is_undecided"] = True
        return
    await stage.end_trouble()
    await stage.wait(decide, "somebody to be asked for approval")


async def _decline(stage: Stage) -> None:
    await stage.close_all(stage.ben)
    await stage.ben.press_in_message(stage.facts["asked"], "Decline")

    def form() -> View | None:
        view = stage.world.modal_of(stage.ben.user)
        return view if view is not None and view["callback_id"] == "decline" else None

    view = await stage.wait(form, "a window to decline in")
    await stage.ben.submit(view, {"reason": "It was too much"})


async def _change_elsewhere(stage: Stage) -> None:
    await stage.world.workspace.post("store/order", order_id=stage.order_id, status_id=3)


async def _join(stage: Stage) -> None:
    await stage.world.workspace.post(
        "membership", channel=stage.world.channel, user=stage.agent.user, inviter=stage.ben.user
    )


async def _come(stage: Stage) -> None:
    """Have somebody new come to the workspace, who is in no channel yet."""
    stage.world.give_back(stage.agent)
    user = f"U0NEW{stage.order_id}"
    await stage.world.workspace.post("person", user=user, real_name=f"New {stage.order_id}")
    stage.agent = stage.world.agent(user)


async def _open_home(stage: Stage) -> None:
    await stage.world.workspace.post("home", user=stage.agent.user)


async def _refund_and_look(stage: Stage) -> None:
    """Have looked at Home before, then refund: Home is drawn anew."""
    await _confirm(stage)


async def _home_and_review(stage: Stage) -> None:
    await _open_home(stage)
    await stage.wait(lambda: stage.world.slack.homes.get(stage.agent.user), "a Home tab")
    await _review_refund(stage)


async def _type_order(stage: Stage) -> None:
    await stage.agent.command(f"/order {stage.order_id}")


async def _refuse_answers(stage: Stage) -> None:
    """Let what the agent types be answered at its address no more."""
    await stage.world.workspace.slack_fault(
        method="response_url", kind="error", user=stage.agent.user, error="used_url", times=FOR_GOOD
    )


async def _shut_out(stage: Stage) -> None:
    """Let nothing be said of the order in the audit channel, and review a refund."""
    await _review_refund(stage)
    await stage.world.workspace.slack_fault(
        method="chat.postMessage",
        kind="error",
        channel=stage.world.channel,
        contains=str(stage.order_id),
        error="restricted_action_read_only_channel",
        times=FOR_GOOD,
    )


async def _to_restocking(stage: Stage) -> None:
    """Have an admin open the form of a part of the configuration."""
    who = {"user": stage.agent.user, "is_admin": True}
    await stage.world.workspace.post("person", **who)
    await edit(stage.agent, "restocking")


async def _switch_restocking(stage: Stage) -> None:
    """Save it the other way round."""
    view = await stage.agent.wait_for_modal("Restocking")
    _, element = find_field(view["blocks"], "restocking")
    other = {"on": "off", "off": "on"}[element["initial_option"]["value"]]
    await stage.agent.submit(view, {"restocking": other})


async def _type_refund(stage: Stage) -> None:
    await stage.agent.command(f"/refund-order {stage.order_id}")


async def _state_then_refund(stage: Stage) -> None:
    """What happens to the workspace has happened: refund."""
    await _confirm(stage)


ASKED = Notice(("Request MG-",))
DONE = Expected(("Done",), checks=(screens.root, screens.window))
KINDS = {
    each.name: each
    for each in (
        Kind("outcome", _confirm, DONE, (POST, EDIT, *READ_BACK), _review_refund),
        Kind(
            "reply",
            _confirm,
            Expected(("Done", "Done"), checks=(screens.root, screens.window)),
            (POST, EDIT, *READ_BACK, (STATE, STATES)),
            _threaded_review,
        ),
        Kind("on_its_way", _confirm_and_settle, DONE, (POST, EDIT, *READ_BACK), _slowly),
        Kind(
            "correction",
            _settle,
            DONE,
            (POST, EDIT, *READ_BACK, (STATE, STATES)),
            _on_its_way,
        ),
        Kind(
            "declined_money",
            _decline_money,
            Expected(("Failed",), checks=(screens.root,)),
            (POST, EDIT, *READ_BACK),
            _on_its_way,
        ),
        Kind(
            "approval",
            _ask_and_decide,
            Expected(
                ("Done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (POST, EDIT, *READ_BACK, *PEOPLE_READ),
            _review_held,
            FULFILLMENT,
        ),
        Kind(
            "decision",
            _approve,
            Expected(
                ("Done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (POST, EDIT, *READ_BACK, (STATE, WHILE_ASKED)),
            _ask,
            FULFILLMENT,
        ),
        Kind(
            "refusal",
            _decline,
            Expected(
                ("Not done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (POST, EDIT, *READ_BACK),
            _ask,
            FULFILLMENT,
            in_turn=True,
        ),
        Kind(
            "lapse",
            _nothing,
            Expected(
                ("Not done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (POST, EDIT, *READ_BACK),
            _ask,
            FULFILLMENT,
            hours=25,
        ),
        Kind(
            "reminder",
            _nothing,
            Expected((), (Notice(("Still waiting for approval",), is_line=True), ASKED)),
            (POST, *READ_BACK),
            _ask,
            FULFILLMENT,
            hours=13,
        ),
        Kind(
            "elsewhere",
            _change_elsewhere,
            Expected(("Done",), (Notice(("Outside Makegood: ",)),), checks=(screens.root,)),
            (POST, EDIT, *READ_BACK, (STATE, STATES)),
            _open_thread,
        ),
        Kind(
            "joined",
            _join,
            Expected((), (Notice((" joined ",)),), has_root=False),
            (("chat.postMessage", (ANY, AUDIT)), ("conversations.history", (ANY,))),
            _come,
            in_turn=True,
        ),
        Kind(
            "code",
            _confirm,
            Expected(("Done",), checks=(screens.root, screens.code, screens.window)),
            (POST, EDIT, *READ_BACK),
            _review_code,
        ),
        Kind(
            "code_off",
            _switch_off,
            Expected(("Done", "Done"), checks=(screens.root, screens.code)),
            (POST, EDIT, *READ_BACK),
            _open_thread,
        ),
        Kind(
            "home",
            _open_home,
            Expected((), has_root=False, checks=(screens.home,)),
            (("views.publish", (ANY,)), *PEOPLE_READ),
        ),
        Kind(
            "home_later",
            _refund_and_look,
            Expected(("Done",), checks=(screens.home, screens.root)),
            (("views.publish", (ANY,)),),
            _home_and_review,
        ),
        Kind(
            "window",
            _type_refund,
            Expected((), has_root=False, checks=(screens.window, screens.answered)),
            (("views.open", (ANY,)), ("views.update", (ANY,)), *PEOPLE_READ),
        ),
        Kind(
            "window_end",
            _confirm,
            DONE,
            (("views.update", (ANY,)),),
            _review_refund,
        ),
        Kind(
            "card",
            _type_order,
            Expected((), has_root=False, checks=(screens.answered,)),
            ((RESPONSE_URL, (ANY,)), *PEOPLE_READ),
        ),
        Kind(
            "card_elsewhere",
            _type_order,
            Expected((), has_root=False, checks=(screens.answered,)),
            (("chat.postEphemeral", (ANY,)),),
            _refuse_answers,
        ),
        Kind(
            "direct",
            _confirm,
            Expected(("Done",), checks=(screens.window,)),
            (("chat.postMessage", (DIRECT,)), ("conversations.open", (ANY,))),
            _shut_out,
            floor="direct",
        ),
        Kind(
            "configuration",
            _switch_restocking,
            Expected((), (Notice(("Configuration: ",)),), has_root=False),
            (("chat.postMessage", (ANY, AUDIT)), ("conversations.history", (ANY,))),
            _to_restocking,
            in_turn=True,
        ),
    )
}
