"""The pictures of the web chat that the README shows, and the script that makes them."""
