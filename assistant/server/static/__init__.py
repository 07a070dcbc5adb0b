"""Files that the server sends as they are: the login page, its look, and the icon."""
