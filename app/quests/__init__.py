"""Quests: what a user sets out to do, and the universal ones that the service offers to all.

Owns universal_quests, user_quests ("quests" in the API) and user_quest_progress.
"""
