"""How staff sign in: allauth, with limits that hold over processes and a second factor."""
