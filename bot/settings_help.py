"""What each setting is for, where to find it, and what it looks like: one table for all who ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BIGCOMMERCE_ACCOUNTS = "BigCommerce control panel > Settings > Store-level API accounts"


@dataclass(frozen=True, slots=True)
class Help:
    """A setting in words. `shape` completes "it should ..."; `example` is for `.env.example`.

    `where` is empty for what is nowhere to be found, but a matter of choice.
    """

    purpose: str
    where: str
    shape: str
    example: str


HELP: Mapping[str, Help] = {
    "slack_bot_token": Help(
        "lets Makegood act in your Slack workspace",
        "api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token",
        "begin with xoxb-",
        "xoxb-...",
    ),
    "slack_app_token": Help(
        "opens the connection over which Slack reaches Makegood",
        "api.slack.com/apps > your app > Basic Information > App-Level Tokens,"
        " with the scope connections:write",
        "begin with xapp-",
        "xapp-...",
    ),
    "slack_channel": Help(
        "the channel where every order's thread is told, and whose members may use Makegood,"
        " until an admin chooses another in the Home tab",
        "Slack > the channel's name > About > Channel ID",
        "be a channel's id such as C0123456789, not its name",
        "C0123456789",
    ),
    "bigcommerce_store_hash": Help(
        "names your store",
        f"{BIGCOMMERCE_ACCOUNTS}: the part after /stores/ in the API path",
        "be letters and digits only, without the rest of the address",
        "abc123xyz",
    ),
    "bigcommerce_access_token": Help(
        "lets Makegood read and change your store's orders",
        f"{BIGCOMMERCE_ACCOUNTS} > Create API account; it is shown only once",
        "be the token as BigCommerce showed it, without spaces",
        "",
    ),
    "slack_api_url": Help(
        "Slack's address; another one only to try Makegood against a sandbox",
        "the line that `python -m bot sandbox` prints",
        "be an https address (or http on this machine)",
        "https://slack.com/api/",
    ),
    "bigcommerce_api_url": Help(
        "BigCommerce's address; another one only to try Makegood against a sandbox",
        "the line that `python -m bot sandbox` prints",
        "be an https address (or http on this machine)",
        "https://api.bigcommerce.com",
    ),
    "data": Help(
        "the folder with the action log; keep it, and back it up",
        "",
        "be a folder's path",
        "data",
    ),
    "reasons": Help(
        "the reasons that agents choose from, besides Other, separated by commas; in the Home tab"
        " each action may have its own",
        "",
        "be 1 to 20 different reasons of at most 75 characters, separated by commas",
        "Customer request, Damaged, Wrong item, Late or lost, Out of stock, Duplicate order,"
        " Suspected fraud",
    ),
    "admins": Help(
        "who may configure Makegood in its Home tab, besides the workspace's admins and owners:"
        " member ids, separated by commas",
        "Slack > the person's profile > Copy member ID",
        "be member ids such as U0123456789, separated by commas",
        "",
    ),
    "log_level": Help(
        "how much Makegood writes to its standard error",
        "",
        "be DEBUG, INFO, WARNING or ERROR",
        "INFO",
    ),
    "settle_waits": Help(
        "the pauses, in seconds, between looks for a refund whose answer was lost",
        "",
        "be seconds separated by commas, each between 0 and 300",
        "0, 1, 3, 6, 10, 20, 30",
    ),
    "sweep_every": Help(
        "the seconds between looks for payments that are due to be checked",
        "",
        "be a number of seconds between 0.01 and 60",
        "1",
    ),
    "look_every": Help(
        "the seconds between looks in BigCommerce for what another Makegood did",
        "",
        "be a number of seconds between 0.01 and 3600",
        "300",
    ),
    "look_pause": Help(
        "the seconds between one person's look-ups, once they have made ten at once",
        "",
        "be a number of seconds between 0 and 60",
        "2",
    ),
    "people_every": Help(
        "the seconds between looks in Slack for who joined or left the audit channel; Slack's own"
        " events come at once, and this finds what was missed",
        "",
        "be a number of seconds between 0.01 and 3600",
        "60",
    ),
    "others_after": Help(
        "the seconds after which another process on the same Slack app is told in the channel",
        "",
        "be a number of seconds between 0.01 and 86400",
        "600",
    ),
    "health_port": Help(
        "the port on which GET /health answers 200 while Makegood can work, and 503 with what"
        " is broken; without it there is no such page",
        "",
        "be a port from 1 to 65535",
        "",
    ),
    "health_host": Help(
        "the address on which GET /health is served; 0.0.0.0 is every one of this machine's",
        "",
        "be an address of this machine",
        "127.0.0.1",
    ),
    "webhook_url": Help(
        "the address at which BigCommerce reaches WEBHOOK_PORT, for `python -m bot webhooks on`",
        "your reverse proxy or tunnel: it ends TLS and passes requests on to WEBHOOK_PORT",
        "be an https address on the usual port",
        "",
    ),
    "webhook_port": Help(
        "the port on which Makegood takes BigCommerce's webhooks, so that changes made elsewhere"
        " show in an order's thread; without it there is no such page",
        "",
        "be a port from 1 to 65535",
        "",
    ),
    "webhook_host": Help(
        "the address on which webhooks are taken; 0.0.0.0 is every one of this machine's",
        "",
        "be an address of this machine",
        "127.0.0.1",
    ),
    "webhook_proxies": Help(
        "the reverse proxies in front of WEBHOOK_PORT whose X-Forwarded-For is believed, so that"
        " whoever sends too much is told apart from BigCommerce; the proxy has to set or extend"
        " that header",
        "",
        "be addresses or networks of proxies, separated by commas, such as 10.0.0.0/24",
        "",
    ),
    "post_every": Help(
        "the least seconds between two messages in a channel; Slack takes one a second",
        "",
        "be a number of seconds between 0 and 60",
        "1",
    ),
    "notifications": Help(
        "who e-mails the customer about a refund: bigcommerce leaves it to the store's own"
        " settings; email gives agents a box to tick, and Makegood sends the e-mail itself; what an"
        " admin chooses in the Home tab goes before",
        "",
        "be bigcommerce or email",
        "bigcommerce",
    ),
    "smtp_host": Help(
        "the mail server that sends Makegood's e-mail to customers, with NOTIFICATIONS=email",
        "your mail provider's page about SMTP",
        "be a server's name, without a port",
        "",
    ),
    "smtp_port": Help(
        "the mail server's port: mostly 587 with starttls, 465 with tls",
        "",
        "be a port from 1 to 65535",
        "587",
    ),
    "smtp_user": Help(
        "the user as whom Makegood signs in at the mail server",
        "your mail provider's page about SMTP",
        "be the user's name at the mail server",
        "",
    ),
    "smtp_password": Help(
        "the password of SMTP_USER at the mail server",
        "your mail provider's page about SMTP; often a password for apps alone",
        "be set together with SMTP_USER",
        "",
    ),
    "smtp_security": Help(
        "how the line to the mail server is kept safe: starttls, tls, or none, which is only for a"
        " server on this machine",
        "",
        "be starttls, tls, or, where SMTP_HOST is this machine, none",
        "starttls",
    ),
    "mail_from": Help(
        "the sender of the e-mail to customers; without it, the store's own address for orders",
        "",
        "be an e-mail address without a name",
        "",
    ),
}


def problem(name: str, *, missing: bool) -> str:
    """Say what is wrong with a setting and where to find it, never its value."""
    text = HELP[name]
    wrong = "is missing" if missing else f"is not right: it should {text.shape}"
    lines = [f"{name.upper()} {wrong}.", f"    What it does: {text.purpose}."]
    if text.where:
        lines.append(f"    Where to find it: {text.where}.")
    return "\n".join(lines)


def example(required: frozenset[str]) -> str:
    """Write `.env.example`: what is required is empty, the defaults of the rest commented out."""
    lines = [
        "# Copy this to .env and fill in the first five; `python -m bot check` then tells what is"
        " missing."
    ]
    for name, text in HELP.items():
        lines += ["", f"# {text.purpose[0].upper()}{text.purpose[1:]}."]
        lines += [f"# {text.where}"] if text.where else []
        if name in required:
            # Empty, so that one that was forgotten counts as missing, not as a wrong token.
            lines += [f"# It looks like {text.example}"] if text.example else []
            lines.append(f"{name.upper()}=")
        else:
            lines.append(f"# {name.upper()}={text.example}")
    return "\n".join(lines) + "\n"
