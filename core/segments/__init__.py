"""Segments: the rule language, its SQL, masks, memberships, refresh and history."""
