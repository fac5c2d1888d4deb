"""Discount codes: coupons and coupon promotions."""
