"""Who you are: users, their ways to sign in, sessions and roles.

Owns users, login_identities, accounts, sessions, roles, user_roles and rate_limits.
"""
