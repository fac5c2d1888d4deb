"""The bot's own e-mail to a customer: its words, and how it is sent, at most once.

It knows neither Slack nor BigCommerce: whoever calls it brings the amounts and the addresses.
"""
