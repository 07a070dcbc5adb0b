"""A person's documents: the shared index, plus what they added, minus what they removed.

Owns the files that are kept for it and the stores built from them. Answering is the assistant's.
"""

from assistant.library.libraries import Libraries
from assistant.library.library import Library
from assistant.library.uploads import Added

__all__ = ["Added", "Libraries", "Library"]
