"""What reaches the bot from elsewhere, and leaves it for elsewhere: webhooks, and e-mail.

Another app gives money back on orders that have a thread, each refund under a reason of its own;
the mail server takes letters, refuses them for now, or takes them and breaks the line.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

from bot.bigcommerce.client import BigCommerceClient
from bot.webhooks.secret import secret_of
from bot.webhooks.setup import switch_hooks_on
from storage.log.entries import MAIL_FAILED, MAIL_NONE, MAIL_SENT
from tests.chaos.audit import Line, count
from tests.chaos.dice import Dice
from tests.chaos.trace import Trace
from tests.chaos.truth import Request, Truth
from tests.support.agent import Agent, Workspace
from tests.support.mailbox import Mailbox
from tests.support.running import free_port

HOST, NAME = "127.0.0.1", "makegood.example"
ADDRESS = f"https://{NAME}/webhooks"
RETRY_S, TRIES = 1.0, 1000  # BigCommerce's are minutes apart
BLOCK_S = 2.0  # and a host that was down as often as this one is blocked for three minutes
CHANGE_EVERY_S = 4.0
MAIL_CHANGES_S = 2.0
AMOUNT = "0.50"
# The mail server's weather: what it answers, and for how many parts in twelve of the time.
MAIL: tuple[tuple[int, dict[str, str]], ...] = (
    (6, {}),
    (2, {"RCPT": "451 later"}),
    (2, {"DATA": "421 later"}),
    (2, {"DATA": ""}),
)


class Outside:
    """The mail server, another app at work in the store, and the webhooks that tell of it."""

    def __init__(self, mailbox: Mailbox, dice: Dice, trace: Trace) -> None:
        self._mailbox = mailbox
        self._dice = dice
        self._trace = trace
        self._refunds: dict[str, int] = {}  # each one's order by its reason

    async def connect(self, workspace: Workspace, environment: dict[str, str]) -> dict[str, str]:
        """Set the webhooks up, and return the settings for the bot."""
        port = free_port()
        await workspace.post("store/hook-hosts", **{NAME: f"http://{HOST}:{port}"})
        quick = {"hook_retry_s": [RETRY_S] * TRIES, "hook_block_s": BLOCK_S}
        await workspace.post("store/settings", **quick)
        names = ("STORE_HASH", "ACCESS_TOKEN", "API_URL")
        store_hash, token, url = (environment[f"BIGCOMMERCE_{name}"] for name in names)
        store = BigCommerceClient(store_hash=store_hash, access_token=token, api_url=url)
        try:
            await switch_hooks_on(store, ADDRESS, secret_of(token, store_hash))
        finally:
            await store.close()
        hooks = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": str(port), "WEBHOOK_HOST": HOST}
        return hooks | self._mailbox.settings()

    async def happen(self, agent: Agent) -> None:
        """Have the other app give money back now and then, until it is cancelled."""
        number = 0
        while True:
            await asyncio.sleep(CHANGE_EVERY_S)
            number += 1
            luck = self._dice.about("elsewhere", number)
            threads = await _threads(agent)
            if not threads:
                continue
            order_id, reason = luck.choice(threads), f"Elsewhere case {number:03}"
            change = {"order_id": order_id, "refund_amount": AMOUNT, "refund_reason": reason}
            answer = await agent.workspace.post("store/order", **change)
            if answer.get("ok"):
                self._refunds[reason] = order_id
                self._trace.write("another app", **change)

    async def vary(self) -> None:
        """Have the mail server answer now this, now that, until it is cancelled."""
        number = 0
        while True:
            number += 1
            luck = self._dice.about("mail server", number)
            (answers,) = luck.choices([each for _, each in MAIL], [weight for weight, _ in MAIL])
            self._mailbox.answers = dict(answers)
            await asyncio.sleep(MAIL_CHANGES_S)

    def clear(self) -> None:
        """Let the mail server take everything."""
        self._mailbox.answers = {}

    def audit(self, truth: Truth, *, is_kept: bool) -> list[Line]:
        """Return the lines of the table; `is_kept`: no data of the bot's was ever lost."""
        letters = Counter(str(letter["Message-ID"]).upper() for letter in self._mailbox.messages)

        def mailed_wrongly(truth: Truth, request: Request) -> Iterator[str]:
            sent = letters[next((m for m in letters if request.reference in m), "")]
            entry = request.entry
            result = entry.mail_result if entry else None
            if sent > 1:
                yield f"{sent} letters to the customer"
            if request.was_rolled_back:
                return  # what was mailed before an older log was put back, that log did not know
            if result == MAIL_SENT and not sent:
                yield "mailed was said, and no letter came"
            if result in {MAIL_FAILED, MAIL_NONE} and sent:
                yield f"{result} was said, and a letter came"

        elsewhere = Line("Refunds of another app told wrongly")
        for reason, order_id in self._refunds.items():
            told = [m for m in truth.messages if f"“{reason}”" in m["text"]]
            if len(told) > 1 or (is_kept and not told):
                elsewhere.counted += 1
                texts = [message["text"][:90] for message in told]
                elsewhere.departures.append(f"order {order_id}: {reason}: {texts}")
        return [
            count("Customers e-mailed twice, or not as is said", truth, mailed_wrongly),
            elsewhere,
        ]


async def _threads(agent: Agent) -> list[int]:
    """Return the orders that have a thread, as far as one looks."""
    tops = await agent.messages(agent.log_channel)
    words = (message["text"].split() for message in tops)
    return sorted({int(w[1]) for w in words if len(w) > 1 and w[0] == "Order" and w[1].isdecimal()})
