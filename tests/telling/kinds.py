"""The kinds of messages: how each comes about, with which calls, and what has to stand at the end.

A kind is made ready in peace; then the trouble begins, and then somebody acts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.agent import View, button_labels, words
from tests.support.configuring import edit
from tests.support.looking import find_field
from tests.telling import connecting, screens
from tests.telling.cases import ANY, AUDIT, DIRECT, LATER, STATE, THIS, THREAD, TOP, Use
from tests.telling.documented import RESPONSE_URL
from tests.telling.expected import Expected, Notice
from tests.telling.stage import Act, Stage, Stuck
from tests.telling.states import STATES
from tests.telling.world import LEADS

SHIPPED, FULFILLMENT, CANCELLED = 1010, 1042, 5
REASON = {"reason": "Damaged"}
SLOW_S = 3600.0
FOR_GOOD = 999
UNDECIDED_S, ON_ITS_WAY_S = 4.0, 8.0
# An event of Slack's is heard in less.
HEARD_S = 0.3
OUTSIDER = "U0CHIARAROSSI"

# A message in a thread that stands already, the first one of an order, and one in the channel.
REPLY = Use("chat.postMessage", (ANY, AUDIT, THREAD, THIS))
FIRST = Use("chat.postMessage", (ANY, AUDIT, THREAD, TOP))
LOOSE = Use("chat.postMessage", (ANY, AUDIT), in_threads=False)
EDIT = Use("chat.update")
# What was posted, and not answered for, is looked for; what fell is linked when it is back.
LOOK_BACK = (
    Use("conversations.replies", first="lost-reply"),
    Use("conversations.history", first="missed-reply"),
    Use("chat.getPermalink", first="fallen"),
)
LOOK_BACK_LOOSE = (Use("conversations.history", first="lost"),)
PEOPLE_READ = (
    Use("conversations.members"),
    Use("conversations.info"),
    Use("users.info"),
)
GROUP = Use("usergroups.users.list")
# What leaves the buttons to approve with where they are.
WHILE_ASKED = ("locked", "read_only", "edit_window", "token_revoked")
Uses = Sequence[Use]


async def _nothing(stage: Stage) -> None:
    """Nothing has to be made ready."""


async def _be_new(stage: Stage) -> None:
    """Have the bot read again who the agent is."""
    await stage.world.workspace.post("person", user=stage.agent.user)
    await asyncio.sleep(HEARD_S)


async def _regroup(stage: Stage) -> None:
    """Have the bot read the user groups again."""
    is_in = OUTSIDER in stage.world.slack.groups[LEADS].users
    await stage.world.workspace.post("group", group=LEADS, user=OUTSIDER, member=not is_in)
    await asyncio.sleep(HEARD_S)


@dataclass(frozen=True, slots=True)
class Kind:
    """`template` is the order that is copied. With `hours` the clock goes on before the trouble.

    `finish` is what people do when the trouble is over, `clear` what they put away at the end.
    `in_turn`: no other of its kind goes on meanwhile; `is_apart`: nor of another. `floor` is where
    it is told in the end.
    """

    name: str
    act: Act
    expected: Expected
    uses: Uses
    prepare: Act = _nothing
    finish: Act = _nothing
    clear: Act = _nothing
    template: int = SHIPPED
    hours: float = 0.0
    in_turn: bool = False
    is_apart: bool = False
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
    await stage.pause_until(lambda: stage.said("(On its way") is not None, ON_ITS_WAY_S)
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


async def _review_held_anew(stage: Stage) -> None:
    await _review_held(stage)
    await _be_new(stage)


async def _ask(stage: Stage) -> None:
    await _review_held(stage)
    await _confirm(stage)
    stage.facts["asked"] = await stage.wait_for("asks for approval", "Approve")


async def _ask_and_decide(stage: Stage) -> None:
    await _confirm(stage)
    await _approve(stage)


async def _approve(stage: Stage) -> None:
    """Have somebody approve it as soon as they can, by whatever message asks for it."""
    if not await stage.pause_until(lambda: _try_to_approve(stage), UNDECIDED_S):
        stage.facts["is_undecided"] = True


async def _approve_at_last(stage: Stage) -> None:
    """Have it approved now that everything is well."""
    if stage.entries():  # else it was refused: nobody is asked
        await stage.wait(lambda: _try_to_approve(stage), "somebody to be asked for approval")


async def _try_to_approve(stage: Stage) -> bool:
    asked = stage.said("asks for approval")
    if _is_waiting(stage) and asked is not None and "Approve" in str(button_labels(asked)):
        await stage.lead.press_in_message(asked, "Approve")
        await asyncio.sleep(0.2)
    return bool(stage.entries()) and not _is_waiting(stage)


def _is_waiting(stage: Stage) -> bool:
    return any(each.is_waiting for each in stage.entries())


async def _decline(stage: Stage) -> None:
    await stage.lead.press_in_message(stage.facts["asked"], "Decline")

    def form() -> View | None:
        view = stage.world.modal_of(stage.lead.user)
        return view if view is not None and view["callback_id"] == "decline" else None

    view = await stage.wait(form, "a window to decline in")
    await stage.lead.submit(view, {"reason": "It was too much"})


async def _change_elsewhere(stage: Stage) -> None:
    await stage.world.workspace.post("store/order", order_id=stage.order_id, status_id=3)


async def _join(stage: Stage) -> None:
    await stage.world.workspace.post(
        "membership", channel=stage.world.channel, user=stage.agent.user, inviter=stage.lead.user
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


async def _shut(stage: Stage, channel: str, error: str) -> None:
    await stage.world.workspace.slack_fault(
        method="chat.postMessage",
        kind="error",
        channel=channel,
        contains=str(stage.order_id),
        error=error,
        times=FOR_GOOD,
    )


async def _shut_out(stage: Stage) -> None:
    """Let nothing be said of the order in the audit channel, and review a refund."""
    await _review_refund(stage)
    await _shut(stage, stage.world.channel, "restricted_action_read_only_channel")


async def _shut_everywhere(stage: Stage) -> None:
    """Let nothing be said of the order to anybody, and refund it: the Home tab alone is left."""
    await _shut_out(stage)
    await _shut(stage, stage.agent.user, "messages_tab_disabled")
    await _confirm(stage)

    async def is_told() -> bool:
        return "could not be told" in await stage.world.health()

    await stage.wait(is_told, "what could not be told")


async def _to_restocking(stage: Stage) -> None:
    """Have an admin open the form of a part of the configuration.

    Somebody who has changed nothing yet: what one person changes again is told in the same message.
    """
    await _come(stage)
    await _make_admin(stage, True)
    await _edit(stage, "restocking")


async def _edit(stage: Stage, part: str) -> None:
    """Open a form of the configuration; the page may be drawn anew just before it is pressed."""
    for again in (True, True, False):
        try:
            await edit(stage.agent, part)
        except AssertionError:
            if not again:
                raise
        else:
            return


async def _make_admin(stage: Stage, is_admin: bool) -> None:
    await stage.world.workspace.post("person", user=stage.agent.user, is_admin=is_admin)


async def _no_admin(stage: Stage) -> None:
    await stage.close_all()
    await _make_admin(stage, False)


async def _to_limits(stage: Stage) -> None:
    """Have an admin open the form of the limits."""
    await _make_admin(stage, True)
    await _edit(stage, "limits")


async def _loosen(stage: Stage) -> None:
    """Ask for a higher limit: it needs a second person."""
    view = await stage.agent.wait_for_modal("Save")
    limit = f"{200_000 + stage.order_id}"
    answer = await stage.agent.submit(view, {"day_limit": limit})
    if not answer["ok"] or answer.get("errors"):
        raise Stuck(f"the limits: {answer}")


async def _withdraw(stage: Stage) -> None:
    """Have the one who asked withdraw it, so that the next can ask."""
    asked = stage.said("asks to loosen")
    if asked is not None:
        await stage.agent.press_in_message(asked, "Withdraw")
        await stage.pause_until(lambda: stage.said("Withdrawn"), UNDECIDED_S)
    await _no_admin(stage)


async def _switch_restocking(stage: Stage) -> None:
    """Save it the other way round."""
    await _regroup(stage)
    view = await stage.agent.wait_for_modal("Restocking")
    _, element = find_field(view["blocks"], "restocking")
    other = {"on": "off", "off": "on"}[element["initial_option"]["value"]]
    answer = await stage.agent.submit(view, {"restocking": other})
    left = await stage.agent.modal()
    if not answer["ok"] or answer.get("errors") or left is not None:
        raise Stuck(f"restocking: {answer} {words(left['blocks']) if left else ''}")


async def _type_refund(stage: Stage) -> None:
    await stage.agent.command(f"/refund-order {stage.order_id}")


async def _state_then_refund(stage: Stage) -> None:
    """What happens to the workspace has happened: refund."""
    await _confirm(stage)


ASKED = Notice(("Request MG-",), is_for_each=True)
NOTHING = Expected(has_root=False)
REMINDED = Notice(("Still waiting for approval",), is_line=True, is_for_each=True)
DONE = Expected(("Done",), checks=(screens.root, screens.window))
KINDS = {
    each.name: each
    for each in (
        Kind("outcome", _confirm, DONE, (FIRST, *LOOK_BACK), _review_refund),
        Kind(
            "reply",
            _confirm,
            Expected(("Done", "Done"), checks=(screens.root, screens.window)),
            (REPLY, EDIT, *LOOK_BACK, Use(STATE, STATES)),
            _threaded_review,
        ),
        Kind("on_its_way", _confirm_and_settle, DONE, (FIRST, EDIT, *LOOK_BACK), _slowly),
        Kind(
            "correction",
            _settle,
            DONE,
            (
                EDIT,
                Use("chat.postMessage", (ANY, AUDIT, THREAD, THIS), first="frozen"),
                Use("chat.getPermalink", first="frozen"),
                Use(STATE, STATES),
            ),
            _on_its_way,
        ),
        Kind(
            "declined_money",
            _decline_money,
            Expected(("Failed",), checks=(screens.root,)),
            (REPLY, EDIT, *LOOK_BACK),
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
            (FIRST, EDIT, *LOOK_BACK, *PEOPLE_READ, GROUP),
            _review_held_anew,
            finish=_approve_at_last,
            template=FULFILLMENT,
        ),
        Kind(
            "decision",
            _approve,
            Expected(
                ("Done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (REPLY, EDIT, *LOOK_BACK, Use(STATE, WHILE_ASKED)),
            _ask,
            finish=_approve_at_last,
            template=FULFILLMENT,
        ),
        Kind(
            "refusal",
            _decline,
            Expected(
                ("Not done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (REPLY, EDIT, *LOOK_BACK),
            _ask,
            template=FULFILLMENT,
        ),
        Kind(
            "lapse",
            _nothing,
            Expected(
                ("Not done",),
                (ASKED,),
                checks=(screens.root, screens.decided),
            ),
            (REPLY, EDIT, *LOOK_BACK),
            _ask,
            template=FULFILLMENT,
            hours=25,
        ),
        Kind(
            "reminder",
            _nothing,
            Expected((), (REMINDED, ASKED)),
            (REPLY, *LOOK_BACK),
            _ask,
            template=FULFILLMENT,
            hours=13,
        ),
        Kind(
            "elsewhere",
            _change_elsewhere,
            Expected(
                ("Done",),
                (Notice(("Outside Makegood: ",), is_nobodys=True),),
                checks=(screens.root,),
            ),
            (REPLY, EDIT, *LOOK_BACK, Use(STATE, STATES)),
            _open_thread,
        ),
        Kind(
            "joined",
            _join,
            Expected((), (Notice((" joined ",)),), has_root=False),
            (LOOSE, *LOOK_BACK_LOOSE),
            _come,
            in_turn=True,
        ),
        Kind(
            "code",
            _confirm,
            Expected(("Done",), checks=(screens.root, screens.code, screens.window)),
            (FIRST, *LOOK_BACK),
            _review_code,
        ),
        Kind(
            "code_off",
            _switch_off,
            Expected(("Done", "Done"), checks=(screens.root, screens.code)),
            (REPLY, EDIT, *LOOK_BACK, Use("chat.postEphemeral")),
            _open_thread,
        ),
        Kind(
            "home",
            _open_home,
            Expected((), has_root=False, checks=(screens.home,)),
            (Use("views.publish"), *PEOPLE_READ),
            _be_new,
        ),
        Kind(
            "home_later",
            _refund_and_look,
            Expected(("Done",), checks=(screens.home, screens.root)),
            (Use("views.publish"),),
            _home_and_review,
        ),
        Kind(
            "window",
            _type_refund,
            Expected((), has_root=False, checks=(screens.window, screens.answered)),
            (Use("views.open"), Use("views.update"), *PEOPLE_READ),
            _be_new,
        ),
        Kind(
            "window_end",
            _confirm,
            DONE,
            (Use("views.update"),),
            _review_refund,
        ),
        Kind(
            "card",
            _type_order,
            Expected((), has_root=False, checks=(screens.answered,)),
            (Use(RESPONSE_URL), *PEOPLE_READ),
            _be_new,
        ),
        Kind(
            "card_elsewhere",
            _type_order,
            Expected((), has_root=False, checks=(screens.answered,)),
            (Use("chat.postEphemeral", in_threads=False),),
            _refuse_answers,
        ),
        Kind(
            "direct",
            _confirm,
            Expected(("Done",), checks=(screens.window,)),
            (
                Use("chat.postMessage", (DIRECT,), in_threads=False),
                Use("conversations.open", first="lost-direct"),
            ),
            _shut_out,
            floor="direct",
        ),
        Kind(
            "configuration",
            _switch_restocking,
            Expected((), (Notice(("Configuration: ",)),), has_root=False),
            (LOOSE, *LOOK_BACK_LOOSE, Use("usergroups.list")),
            _to_restocking,
            clear=_no_admin,
            in_turn=True,
        ),
        Kind(
            "proposal",
            _loosen,
            Expected((), (Notice(("asks to loosen",)),), has_root=False),
            (LOOSE, *LOOK_BACK_LOOSE, Use("users.list")),
            _to_limits,
            clear=_withdraw,
            in_turn=True,
        ),
        Kind(
            "start",
            connecting.start,
            NOTHING,
            (Use("auth.test"), Use("apps.connections.open", (ANY, LATER))),
            finish=connecting.start_at_last,
            clear=connecting.stop,
            in_turn=True,
            is_apart=True,
        ),
        Kind(
            "reconnect",
            connecting.lose,
            NOTHING,
            (Use("apps.connections.open"),),
            finish=connecting.come_back,
            in_turn=True,
            is_apart=True,
        ),
        Kind(
            "home_untold",
            _open_home,
            Expected((), has_root=False, checks=(screens.home, screens.untold)),
            (Use("views.publish"),),
            _shut_everywhere,
        ),
    )
}
