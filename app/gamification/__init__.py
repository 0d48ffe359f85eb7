"""Points, coins and levels: every reward of the service is paid, and taken back, here.

Owns user_progress, user_wallet, points_ledger, user_streaks, achievement_definitions and
user_achievements.
"""
