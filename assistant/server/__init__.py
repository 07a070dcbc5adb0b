"""HTTP around the page: who may come in, what they may send, and the doors for programs.

Owns the process that listens, logins, limits, headers, exports, page pictures, the HTTP API and the
MCP server. The page is `assistant.web`'s, the answers are the library's.
"""
