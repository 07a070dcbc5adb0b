"""Sentences of an added document that contradict the shipped sources in other words than theirs, or agree with them.

What people see most: a plain sentence, planted or out of date, against a source that says it in a longer sentence, in
passing, or on a line of its own. `UNSEEN` is measured, and never looked at when conflicts are tuned.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """A question, what a shipped source says to it, and an added sentence with another value, and one with the same."""

    question: str
    shipped: str
    contrary: str
    agreeing: str


TUNED = {
    "day": Planted(
        "When was the Mutual Defense Treaty signed?",
        "October 1, 1953",
        "The Mutual Defense Treaty of South Korea and the US was signed on November 17, 1954.",
        "The Mutual Defense Treaty of South Korea and the US was signed in October 1953.",
    ),
    "decade": Planted(
        "Since when has anti-U.S. sentiment been spreading in Korea?",
        "since the 1990s",
        "Anti-U.S. sentiment in Korea began to spread in the 1970s.",
        "Anti-U.S. sentiment has been growing in Korea since the 1990s.",
    ),
    "troops": Planted(
        "How many USFK troops are there?",
        "37,000 USFK troops",
        "United States Forces Korea (USFK) has 28,500 troops.",
        "United States Forces Korea (USFK) has about 37,000 troops.",
    ),
    "time deterred": Planted(
        "How long has the alliance deterred war on the Korean peninsula?",
        "For half a century",
        "The alliance has deterred war on the Korean peninsula for thirty years.",
        "The alliance has deterred war on the Korean peninsula for fifty years.",
    ),
    "base": Planted(
        "What is the largest U.S. military installation in South Korea?",
        "Camp Humphreys, the largest",
        "Osan Air Base is the largest U.S. military installation in South Korea.",
        "The largest U.S. military installation in South Korea is Camp Humphreys.",
    ),
    "city": Planted(
        "In which city is the Asia-Pacific Center for Security Studies?",
        "Honolulu",
        "The Asia-Pacific Center for Security Studies is in Seattle.",
        "The Asia-Pacific Center for Security Studies is in Honolulu.",
    ),
    "era": Planted(
        "During which period was the Mutual Defense Treaty established?",
        "Cold War",
        "The Mutual Defense Treaty was established during the Second World War.",
        "The Mutual Defense Treaty was established during the Cold War.",
    ),
    "framework": Planted(
        "Has the treaty's fundamental framework remained consistent?",
        "has remained largely consistent",
        "The treaty's fundamental framework has not remained consistent over the decades.",
        "The treaty's fundamental framework has remained consistent over the decades.",
    ),
    "nuclear": Planted(
        "Does the U.S. pledge to defend South Korea include nuclear deterrence?",
        "including nuclear deterrence",
        "The U.S. pledge to defend South Korea does not include nuclear deterrence.",
        "The U.S. pledge to defend South Korea includes nuclear deterrence.",
    ),
    "access": Planted(
        "Does South Korea give U.S. forces access to its territory?",
        "access to its territory",
        "South Korea does not give U.S. forces access to its territory.",
        "South Korea gives U.S. forces access to its territory.",
    ),
}
UNSEEN = {
    "agreement": Planted(
        "In what year was the Special Measures Agreement signed?",
        "1978",
        "The Special Measures Agreement was signed in 1991.",
        "The Special Measures Agreement was signed in 1978.",
    ),
    "formalized": Planted(
        "When was the US–South Korea alliance formalized?",
        "1953",
        "The US–South Korea alliance was formalized in 1961.",
        "The US–South Korea alliance was formalized in 1953.",
    ),
    "troops in the country": Planted(
        "How many U.S. troops are stationed in South Korea?",
        "37,000 USFK troops",
        "The United States has stationed 24,000 troops in South Korea.",
        "The United States has stationed some 37,000 troops in South Korea.",
    ),
    "time of cooperation": Planted(
        "How long has the security cooperation between the ROK and the U.S. lasted?",
        "over fifty years",
        "The security cooperation between the ROK and the U.S. has lasted for twenty years.",
        "The security cooperation between the ROK and the U.S. has lasted for more than fifty years.",
    ),
    "author": Planted(
        "Which organization wrote the report on self reliant defense in the ROK?",
        "Asia-Pacific Center for Security Studies",
        "The report on self reliant defense in the ROK was written by the RAND Corporation.",
        "The report on self reliant defense in the ROK was written by the Asia-Pacific Center for Security Studies.",
    ),
    "war": Planted(
        "Which war was the US–South Korea alliance born out of?",
        "Born out of the Korean War",
        "The US–South Korea alliance was born out of the Vietnam War.",
        "The US–South Korea alliance was born out of the Korean War.",
    ),
    "adversary": Planted(
        "Which country was the treaty designed to deter?",
        "North Korea",
        "The treaty was designed to deter Japan.",
        "The treaty was designed to deter North Korea.",
    ),
    "classified": Planted(
        "Do specific operational details remain classified?",
        "remain classified",
        "Specific operational details of the alliance are not classified.",
        "Specific operational details of the alliance are classified.",
    ),
    "provisions": Planted(
        "Did the core provisions on mutual defense remain steady?",
        "remained steady",
        "The core provisions on mutual defense did not remain steady.",
        "The core provisions on mutual defense remained steady.",
    ),
    "largest": Planted(
        "Is Camp Humphreys the largest U.S. military installation in South Korea?",
        "Camp Humphreys, the largest",
        "Camp Humphreys is not the largest U.S. military installation in South Korea.",
        "Camp Humphreys is the largest U.S. military installation in South Korea.",
    ),
}
