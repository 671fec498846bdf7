campaign-audience-live = The list is live: the rule is asked again before each letter, and whoever has left it gets none.
campaign-audience-frozen = The list is frozen: whoever is on it at the launch gets the letter, even if the rule no longer holds for them.
