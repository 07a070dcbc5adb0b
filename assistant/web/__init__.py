"""The web chat: a Gradio page over one `Assistant`."""
