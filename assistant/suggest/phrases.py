"""The phrases that the forms are made of, as regular expressions by name; one may stand in another as <NAME>."""

from __future__ import annotations

import re

_PHRASES = {
    "SUBJECT": r"(?P<s>[A-Z][^,;:]{1,80}?)",
    "PLURAL": r"(?!An? )(?P<s>[A-Z][^,;:]{0,60}?(?:[a-z]s|people|children| and [^,;:]{2,30}?))",
    "REST": r"(?P<rest>[^,;:]{3,70}?)",
    "MORE": r"(?P<rest> [^,;:]{3,60}?)?",
    "END": r"(?=\.?$|;|,(?!\d))",
    "NAME": r"(?:[A-Z][\w’'.-]* ){1,3}[A-Z][\w’'-]+",
    "NAMED": r"(?:the )?[A-Z]",
    "BE": "(?P<be>is|are|was|were)",
    "IS": "(?P<be>is|are)",
    "WAS": "(?P<be>was|were)",
    "ONCE": "(?P<be>is|was)",
    # Adverbs
    "HOW": "(?P<how>(?:first|officially|formally|originally|initially|finally|later|eventually|subsequently) )?",
    "USUALLY": "(?:(?:usually|mainly|typically|commonly|primarily|often|generally) )?",
    "GREATLY": "(?:(?:significantly|greatly|directly) )?",
    "PARTLY": "not only|simply|just|largely|partly|mainly|probably",
    # Dates and numbers
    "DAY": "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    "MONTH": (
        r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?"
        r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
    ),
    "DATE": (
        r"(?:(?:<DAY>,? )?(?:early |mid-|late |the )?(?:<MONTH> \d{1,2},? |\d{1,2} <MONTH>,? |<MONTH>,? )?"
        r"(?:1[0-9]{3}|20[0-9]{2})s?\b)"
    ),
    "NUMBER": (
        r"(?:\d{1,3}(?:,\d{3})+|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
        r"|fifty)(?: (?:hundred|thousand|million|billion))?"
    ),
    "ABOUT": "(?:(?:about|approximately|around|nearly|almost|roughly|over|more than|at least|up to|some|a total of) )?",
    "UNIT": "(?:day|week|month|year|hour|minute|decade)",
    "COUNTED": (
        r"(?P<nouns>(?:[a-zA-Z][\w-]* ){0,2}[a-z]+s)"
        r"(?:<END>| (?=(?:in|at|on|across|and|with|for|that|which)\b))"
    ),
    # Verbs
    "PARTICIPLE": r"(?P<pp>[a-z]+ed|built|made|held|won|written|given|taken|led|sold|set up|born|chosen|drawn|sent)",
    "PAST": (
        "(?P<past>[a-z]+ed|became|began|broke|brought|built|came|chose|drew|fell|fought|gave|grew|held|kept|led|lost"
        "|made|met|overthrew|paid|rose|sent|sold|spent|took|undertook|went|withdrew|won|wrote)"
    ),
    "MADE": (
        "founded|written|directed|led|established|created|signed|appointed|proposed|discovered|invented|designed"
        "|produced|developed|composed|built|published|owned|ruled|commanded|introduced|sung|recorded|released"
        "|commissioned|chaired|headed|approved|ratified|defeated|coined|painted|launched|nominated|invaded|portrayed"
        "|voiced|played"
    ),
    "MAKES": (
        "founded|directed|created|discovered|invented|composed|painted|portrayed|portrays|voiced|voices|played|plays"
    ),
    "DEALT_WITH": (
        "transmitted|spread|diagnosed|treated|prevented|detected|measured|financed|funded|elected|selected|chosen"
        "|acquired|controlled|activated|confirmed"
    ),
    "PLACED": "located|situated|based|headquartered|held|born|stationed|buried|filmed|fought",
    "SHAPED": "complemented|reinforced|supported|anchored|surrounded|accompanied|driven|influenced|inspired",
    "RESOLVED": "agreed|pledged|promised|decided|sought|intended|planned|refused",
    "CAME": "originated|stemmed|emerged|resulted|evolved",
    "KEEPS": "contain|comprise|include|operate|maintain|own|employ",
    "HOLDS": (
        "include|require|cover|contain|emphasize|emphasise|provide|support|promote|encourage|establish|maintain"
        "|operate|enhance|reinforce|reflect|employ|comprise|offer|strengthen|facilitate|create|prevent|cause|affect"
        "|govern|regulate|produce|protect|represent|combine|demonstrate"
    ),
    "BEARS_ON": (
        "influence|affect|enhance|strengthen|support|reinforce|reduce|increase|improve|protect|promote|maintain"
        "|prevent|inhibit|regulate|control|produce|stimulate|activate|contribute|help|serve|address|deter|balance"
    ),
    "LETS": "obligate|oblige|require|allow|enable|encourage|permit|force|authori[sz]e|help",
    "AIMS": "aim|seek|intend|strive",
    "TENDS": "depend|contribute|extend|lead|belong|focus",
    "NICKNAMED": "(?:sometimes |commonly |often |formerly )?(?:known as|called|nicknamed)|named after",
    # Nouns
    "LIST": r"(?!(?:of|in|on|at|for|from|to|by|with|as|than|his|her|that)\b|[A-Z][a-z]+ )[^;]*?(?:, | and )",
    "SEVERAL": (
        "symptoms|members|causes|types|effects|benefits|advantages|disadvantages|functions|responsibilities|goals"
        "|objectives|risk factors|tasks|duties|principles|components|elements|forms|examples"
    ),
    "PURPOSE": "purpose|aim|goal|mission|objective|role|function",
    "UNIQUE": r"the (?:second[- ]|third[- ])?(?:[a-z]+est|only|capital|official|most [a-z]+)",
    "NO_PART": "part|rest|majority|number|most|one|use|result|end",
    "HEAD": (
        "president|prime minister|minister|governor|mayor|king|queen|emperor|empress|founder|co-founder|director"
        "|leader|head|chief|commander|captain|chairman|chairwoman|chair|secretary|ambassador|author|editor|inventor"
        "|creator|designer|architect|composer|ceo|chief executive|owner|coach|manager|general|senator|pope|bishop"
    ),
    "RELATIVE": "member|winner|wife|husband|son|daughter|protagonist|host",
    "PERSON": (
        "<HEAD>|actor|actress|singer|songwriter|musician|rapper|politician|writer|poet|novelist|playwright|journalist"
        "|painter|artist|scientist|physicist|chemist|biologist|mathematician|philosopher|astronomer|photographer"
        "|historian|economist|lawyer|player|footballer|wrestler|boxer|athlete|officer|soldier|engineer|physician"
        "|businessman|businesswoman|entrepreneur|activist|explorer|monarch|ruler|saint|theologian|character|comedian"
        "|filmmaker|student|teacher|girl|boy|woman|man|daughter|son|wife|husband|mother|father|brother|sister"
    ),
    "AFTER_PERSON": r"(?=[,.;]|$| (?:of|who|from|in|and|for|at|best|known|born|with|on|that|whose)\b)",
    # "Patience is the closest to perfection": praise and comparison, not what a thing is.
    "PRAISE": (
        r"\w+est\b|result|same|case|need|good|major|significant|important|key|common|great|little|lot|number|few|risk"
        "|challenge|problem|concern|lack|part|matter|way|only|best|most|latter|former|very|more|first|second|third"
        "|fourth|fifth|following|last|next|leading|main|considerable|cause|physiologically|defining|particular|useful"
        "|popular|valuable|fundamental|suitable|potential|promising|serious|frequent|rare|likely|remarkable|central"
        "|critical|crucial|essential|vital|perfect|winner|highly|well|known|better|strong|one|two|three"
    ),
}
_NAMED_PHRASE = re.compile("<([A-Z_]+)>")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern with its phrases filled in."""
    while named := _NAMED_PHRASE.search(pattern):
        pattern = f"{pattern[: named.start()]}{_PHRASES[named[1]]}{pattern[named.end() :]}"
    return re.compile(pattern)
