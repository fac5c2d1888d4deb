"""“Send the e-mail again”: a person has a letter sent that certainly was not sent."""

from __future__ import annotations

from handlers.block_kit.mrkdwn import inert
from handlers.flow.click import Click
from handlers.flow.opening import NotYours
from handlers.timeline.outcomes.email_line import mail_line
from handlers.windows.stale_presses import answer, draw_request_anew

NO_SUCH = "Makegood has no such e-mail to send. Nothing was sent."
NOT_OPEN = "Nothing was sent now."
SENDING = "The e-mail is being sent. The message in the thread says what became of it."


async def send_mail_again(click: Click) -> None:
    """Have the e-mail sent, once for all who press."""
    desk, reference = click.desk, click.value
    entry = desk.log.find(reference)
    if entry is None:
        raise NotYours(NO_SUCH)
    if (no := await desk.permission.refusal_to_mail(click.person, entry)) is not None:
        raise NotYours(no)
    done = desk.runner.mail_again(reference, actor_id=click.person.user_id)
    if done:
        await answer(click, SENDING)
        return
    entry = desk.log.get(reference)
    draw_request_anew(click, entry)
    await answer(click, inert(f"{NOT_OPEN} {mail_line(entry)}".strip()))
