"""Statements beside quotes: some say what the quote says, some something else. Written before the check was tuned,
but for those that say so.

Each is (what stands around the quote, the quote, the statement). Those named `..._APART` were only ever measured.
"""

TREATY = "Mutual Defense Treaty of South Korea and the US"
SIGNED = (
    f"{TREATY} – Historical Origins. It was established during the Cold War period.",
    "It was signed on October 1, 1953, shortly after the ceasefire that ended active combat in the Korean War.",
)
COMMITS = (
    TREATY,
    "Conversely, South Korea commits to providing logistical support and access to its territory for the deployment of "
    "U.S. forces.",
)
OBLIGES = (
    TREATY,
    "The treaty obligates the United States to assist South Korea if it faces military threats from external sources, "
    "primarily North Korea.",
)
TROOPS = (
    "The ROK-U.S. Alliance and Self Reliant Defense in the ROK",
    "The 37,000 USFK troops, along with its highly sophisticated early warning systems and formidable air power, have "
    "complimented the ROK force in providing a powerful deterrent against the North Korean threat.",
)
MILL = (
    "The mill at Arden",
    "Ida Rask bought the mill in 1911 for about 40,000 crowns and sold it to Olaf Brandt in 1926.",
)
BRIDGE = ("Bridges", "The bridge, which is 312 metres long, was not finished before the war because steel was short.")
COUNCIL = ("Minutes", "The council rejected the plan by nine votes to four; the mayor had supported it.")
TRIAL = (
    "A trial",
    "The drug may lower the risk of stroke in patients over 65, but no effect was seen in younger ones.",
)
BIRDS = ("Birds of the delta", "More than 200 species nest in the delta, among them the marsh harrier and the bittern.")
FERRY = (
    "Timetable. The ferry to Holm runs daily.",
    "It leaves at 7:30 from the north quay and takes 45 minutes, except in winter, when it does not sail on Sundays.",
)
AFFIRMED = (
    f"{TREATY} – Strategic Significance. It was designed to serve as a deterrent against North Korea.",
    "This treaty affirmed the commitment of the United States to defend South Korea, reinforcing its position as a "
    "strategic ally in Asia.",
)
AUTHOR = (
    "The ROK-U.S. Alliance and Self Reliant Defense in the ROK – Catalogue record",
    "Corporate Author: Asia-Pacific Center for Security Studies Honolulu United States",
)

BASED = (
    "The ROK-U.S. Alliance",
    "For over fifty years, the security cooperation system has been primarily based on the 1953 ROK-U.S. Mutual "
    "Defense Treaty and the ROK-U.S. Combined Forces Command defense system.",
)

SUPPORTED = [
    ("Vitamins", "Every day vitamin C helps.", "Vitamin C helps."),
    ("Vitamins", "Vitamins A, C, and D are found in fish.", "Vitamin D is found in fish."),
    ("History", "World War\nI ended in 1918.", "World War I ended in 1918."),
    (*SIGNED, "It was signed on October 1, 1953."),
    (*SIGNED, "The treaty was signed on October 1, 1953, shortly after the ceasefire."),
    (*MILL, "Olaf Brandt."),
    (*MILL, "It was Ida Rask."),
    (*MILL, "Ida Rask bought the mill in 1911 for about 40,000 crowns and sold the mill to Olaf Brandt in 1926."),
    (
        "Halden Motors",
        "The company was founded by Ada Lorne in 1911.",
        "Halden Motors was founded by Ada Lorne in 1911.",
    ),
    (TREATY, "This agreement was signed in 1953.", "The Mutual Defense Treaty was signed in 1953."),
    ("Ada Lorne", "Ada Lorne was a Canadian engineer and poet.", "Ada Lorne was an engineer."),
    ("Port of Arden – The harbour wall", "It has four lights in the harbour.", "The harbour wall has four lights."),
    ("Ida Rask. She was a miller.", "Ida later sold the mill in 1926.", "Ida Rask sold the mill in 1926."),
    ("The Halden Group. It has nine mills.", "They sold it in 1926.", "The Halden Group sold it in 1926."),
    ("The Holm crew. It has nine men.", "They have a key at night.", "The crew has a key at night."),
    ("The treaty of Arden. The kings met.", "They signed it in 1953.", "They signed the treaty in 1953."),
    ("Tarn", "It is the capital of Tarn and its largest city.", "It is the capital of Tarn."),
    (
        "Bridges",
        "Opened in 1932, the bridge is the longest bridge in Arden.",
        "The bridge is the longest bridge in Arden.",
    ),
    ("The lease. Talks had ended in 1953.", "It was signed in 1953, in May.", "In 1953."),
    ("The Holm club. Its guards watch the gate.", "They have a key at night.", "The guards have a key at night."),
    ("Clubs", "The house rules are the rules of the club, set in 1911.", "The house rules are the rules of the club."),
    ("Tarn", "Belmor, capital of Tarn, has a harbour.", "Belmor is the capital of Tarn."),
    ("Bases", "Osan Air Base and Kunsan Air Base are run by the U.S. Air Force.", "The Osan Air Base."),
    (*SIGNED, "The Mutual Defense Treaty was signed in 1953."),
    (*COMMITS, "South Korea commits to providing logistical support and access to its territory."),
    (*COMMITS, "South Korea provides logistical support and access to its territory for U.S. forces."),
    (*COMMITS, "Under the treaty, South Korea commits to logistical support for the deployment of US forces."),
    (*OBLIGES, "The treaty obligates the United States to assist South Korea if it faces military threats."),
    (*TROOPS, "The 37,000 USFK troops have provided a powerful deterrent against the North Korean threat."),
    (*MILL, "Ida Rask bought the mill in 1911."),
    (*MILL, "The mill was bought by Ida Rask in 1911 and sold to Olaf Brandt in 1926."),
    (*MILL, "Ida Rask bought it for about 40,000 crowns."),
    (*BRIDGE, "The bridge is 312 metres long."),
    (*BRIDGE, "The bridge was not finished before the war because steel was short."),
    (*BRIDGE, "Because steel was short, the bridge was not finished before the war."),
    (*COUNCIL, "The council rejected the plan by nine votes to four."),
    (*COUNCIL, "The mayor had supported the plan."),
    (*TRIAL, "The drug may lower the risk of stroke in patients over 65."),
    (*TRIAL, "No effect was seen in younger patients."),
    (*BIRDS, "More than 200 species nest in the delta."),
    (*BIRDS, "The marsh harrier and the bittern nest in the delta."),
    (*FERRY, "The ferry leaves at 7:30 from the north quay."),
    (*FERRY, "It takes 45 minutes."),
    (*FERRY, "In winter the ferry does not sail on Sundays."),
    (*AUTHOR, "The corporate author is the Asia-Pacific Center for Security Studies."),
    (*SIGNED, "In 1953, the Mutual Defense Treaty was signed."),
    ("Trade", "The free trade agreement applies to rice and beef.", "Free trade agreements apply to rice."),
    ("Bases", "Every air base has two runways.", "Air bases have two runways."),
    ("Bases", "The air base commanders and the air base crews met.", "The air base crews met."),
]

SUPPORTED_IN_OTHER_WORDS = [
    (*SIGNED, "The signing took place in October 1953, shortly after the ceasefire in the Korean War."),
    (*OBLIGES, "The United States is obligated to assist South Korea if it faces external military threats."),
    (*MILL, "In 1926 Ida Rask sold the mill to Olaf Brandt."),
]

NOT_SUPPORTED = [
    (
        "The Holm club. Its class of guards watch the gate.",
        "They have a key at night.",
        "The class has a key at night.",
    ),
    ("Port of Arden – The harbour wall", "The harbour bridge has four lights.", "The harbour wall has four lights."),
    ("The Holm club. Its guards watch the gate.", "They have a key at night.", "The gate has a key at night."),
    ("Port of Arden – Lights and Their Upkeep", "Its upkeep costs more than the lights.", "Lights and their upkeep"),
    ("Clubs", "The rules are set out in the house rules, and members follow them.", "The rules are the house rules."),
    (*SIGNED, "The treaty was signed on October 1, 1954."),
    (*SIGNED, "The treaty was signed on October 11, 1953."),
    (*SIGNED, "The treaty was signed on November 1, 1953."),
    (*SIGNED, "The treaty was signed on October 1, 1953, in Seoul."),
    (*SIGNED, "The treaty was signed by Dwight Eisenhower on October 1, 1953."),
    (*SIGNED, "The treaty was signed on October 1, 1953, shortly before the ceasefire that ended the Korean War."),
    (*SIGNED, "The treaty was not signed on October 1, 1953."),
    (*COMMITS, "The United States commits to providing logistical support and access to its territory."),
    (*COMMITS, "South Korea does not commit to providing logistical support."),
    (*COMMITS, "South Korea commits to providing financial support and weapons to its neighbours."),
    (*OBLIGES, "The treaty obligates South Korea to assist the United States if it faces military threats."),
    (*OBLIGES, "The treaty obligates the United States to assist Japan if it faces military threats."),
    (*OBLIGES, "The treaty obligates the United States to assist South Korea if it faces 3 military threats."),
    (*TROOPS, "The 28,500 USFK troops have provided a powerful deterrent against the North Korean threat."),
    (*TROOPS, "The 37,000 bases have provided a powerful deterrent."),
    (*TROOPS, "The 37,000 ROK troops have complimented the USFK force against the North Korean threat."),
    (*MILL, "Olaf Brandt bought the mill in 1911 and sold it to Ida Rask in 1926."),
    (*MILL, "Ida Rask bought the mill in 1926 and sold it in 1911."),
    (*MILL, "Ida Rask bought the mill for 400,000 crowns."),
    (*MILL, "Ida Rask bought the mill for 40,000 dollars."),
    (*MILL, "Ida Rask built the mill in 1911 and lived in it with her three sons."),
    (*BRIDGE, "The bridge was finished before the war."),
    (*BRIDGE, "The bridge is 312 kilometres long."),
    (*BRIDGE, "The bridge is 3.12 metres long."),
    (*BRIDGE, "The bridge was not finished before the war because money was short."),
    (*COUNCIL, "The council approved the plan by nine votes to four."),
    (*COUNCIL, "The council rejected the plan by four votes to nine."),
    (*COUNCIL, "The mayor had opposed the plan."),
    (*TRIAL, "The drug lowers the risk of stroke in patients over 65."),
    (*TRIAL, "The drug may lower the risk of cancer in patients over 65."),
    (*TRIAL, "An effect was seen in younger patients."),
    (*BIRDS, "200 species nest in the delta."),
    (*BIRDS, "More than 200 species nest in the delta, among them the white stork."),
    (*BIRDS, "No species nest in the delta."),
    (*FERRY, "The ferry leaves at 8:30 from the north quay."),
    (*FERRY, "The ferry leaves at 7:30 from the south quay."),
    (*FERRY, "It takes 45 hours."),
    (*FERRY, "In winter the ferry sails on Sundays."),
    (*FERRY, "See http://example.org/ferry for the 45 minutes from the north quay."),
    # What a small model wrote of the shipped sources, and the check let pass at first.
    (*AUTHOR, "The corporate author is the ROK-U.S. alliance and the United States."),
    (*OBLIGES, "The treaty obliges South Korea to assist South Korea if it faces military threats."),
    (*SIGNED, "End."),
    (*AFFIRMED, "It was designed to serve as a deterrent, reinforcing South Korea’s position as a strategic ally."),
    (*BASED, "The security cooperation system has been based on the 1953 Mutual Defense Treaty."),
    ("Core provisions", "Key elements include:", "The key elements of the core provisions are:"),
    # What follows a small model wrote, or came near to it, and the check was mended in view of it.
    (
        "Influence on alliances across Asia. Key bases serve as logistical hubs.",
        "These alliances reinforce the U.S. presence as a strategic counterbalance.",
        "These bases reinforce the U.S. presence as a strategic counterbalance.",
    ),
    (
        "The cell membrane",
        "Cell membranes are involved in a variety of processes such as cell adhesion and hold a network called the "
        "cytoskeleton.",
        "This is a process called cell adhesion.",
    ),
    (
        "Mach 5",
        "The car was designed and built by Pops Racer, the father of Speed.",
        "The car was built by the father of the car.",
    ),
    (
        "The alliance. Bases are spread over the country.",
        "This presence is a strategic component of U.S. foreign policy aimed at stability.",
        "The alliance is a strategic component of U.S. foreign policy aimed at stability.",
    ),
    (
        "Controversies – Balancing sovereignty and support. Some welcome it.",
        "The reliance on military support can be seen as compromising independence.",
        "Balancing sovereignty and support",
    ),
    ("Clouds", "Amazon Web Services (AWS) runs cloud computing platforms.", "AWS Cloud Platform"),
]

# The quote's own words, made to say something else.
TWISTS = [
    ("World War II ended in 1945.", "World War I ended in 1945."),
    ("Charles II was restored to the throne in 1660.", "Charles I was restored to the throne in 1660."),
    ("Vitamin A is found in carrots.", "Vitamin D is found in carrots."),
    ("Plan B costs 20 dollars a month.", "Plan A costs 20 dollars a month."),
    ("The temperature is 5 degrees.", "The temperature is -5 degrees."),
    ("The tax is 5%.", "The tax is $5."),
    ("The tax is $5 million.", "The tax is £5 million."),
    ("The rate is p < 0.05.", "The rate is p > 0.05."),
    ("The bridge almost collapsed.", "The bridge collapsed."),
    ("The lease will expire in 2030.", "The lease expired in 2030."),
    ("The mine was to close in 2020.", "The mine closed in 2020."),
    ("The unit used to train at Osan.", "The unit trains at Osan."),
    ("The senator said the treaty is void.", "The treaty is void."),
    ("Seoul pays half of the costs.", "Seoul pays the costs."),
    ("The army moved two of its three brigades.", "The army moved its three brigades."),
    ("The vice president signed the pact.", "The president signed the pact."),
    ("The exercises are drills and command post exercises.", "The exercises are drills and command posts."),
    ("The state bought missile battery parts.", "The state bought missile batteries."),
    ("The former president signed the pact.", "The president signed the pact."),
    ("Anti-American protests took place in Seoul.", "American protests took place in Seoul."),
    ("Non-nuclear states signed the pact.", "Nuclear states signed the pact."),
    ("Few members voted for the plan.", "Members voted for the plan."),
    ("Members voted for the plan.", "All members voted for the plan."),
    ("The law bans plastic bags only in Hawaii.", "The law bans plastic bags."),
    ("The law bans plastic bags except in shops.", "The law bans plastic bags."),
    ("It is one of the largest lakes in Africa.", "It is the largest lake in Africa."),
    ("It is the second largest lake in Africa.", "It is the largest lake in Africa."),
    ("The population is about 5 million.", "The population is 5 million."),
    ("The tax is $5 per litre.", "The tax is $5."),
    ("It is a myth that the earth is flat.", "The earth is flat."),
    ("Scientists deny that the virus spreads through air.", "The virus spreads through air."),
    ("Cats eat dogs.", "Dogs eat cats."),
    ("The bank bought the firm.", "The firm bought the bank."),
    ("The duke was the son of the king.", "The king was the son of the duke."),
    ("Trains are faster than cars.", "Cars are faster than trains."),
    ("He resigned before the scandal.", "He resigned after the scandal."),
    ("It rose from 5.", "It rose to 5."),
    ("Revenue rose by $5 million.", "Revenue rose to $5 million."),
    (
        "The treaty was negotiated in 1990 by Spain and was signed in 1992 by France.",
        "The treaty was signed in 1990 by France.",
    ),
    ("He was born in 1950 and died in 1990.", "He died in 1950."),
    ("See http://evil.example.attacker.org now.", "See http://evil.example now."),
    # The number of another subject.
    ("The army has 500 tanks, and the navy has 40 ships.", "The navy has 500 tanks."),
    ("South Korea paid $900 million in 2019, and Japan paid $2 billion.", "Japan paid $900 million in 2019."),
    ("South Korea has 37,000 troops, and Japan has 50,000 troops.", "Japan has 37,000 troops."),
    ("The north tower has 40 floors and the south tower has 62 floors.", "The south tower has 40 floors."),
    ("Arden sold 300 boats in 1950, while Belmor sold 900 boats in 1950.", "Belmor sold 300 boats in 1950."),
    # Names exchanged around "to" or "for".
    (
        "Wartime operational control passed from the United States to South Korea.",
        "Wartime operational control passed from South Korea to the United States.",
    ),
    ("The pipeline runs from Baku to Ceyhan.", "The pipeline runs from Ceyhan to Baku."),
    (
        "Ambassador Lund gave the letter for Queen Maud to Count Brahe.",
        "Ambassador Lund gave the letter for Count Brahe to Queen Maud.",
    ),
    # A date behind what another date is of.
    ("The treaty signed in 1953 entered into force in 1954.", "The treaty was signed in 1954."),
    ("The agreement reached in 2007 to transfer control in 2012 was postponed.", "The agreement was reached in 2012."),
    ("The firm founded in 1920 moved to Paris in 1950.", "The firm was founded in 1950."),
    ("The mill built in 1911 burnt down in 1926.", "The mill was built in 1926."),
    ("The mill built in 1911 burnt down in 1926.", "The mill burnt down in 1911."),
    ("The song recorded in 1969 was released in 1971.", "The song was released in 1969."),
    ("A law passed in 1990 to take effect in 1995 was repealed in 1993.", "A law was passed in 1995."),
    # Without a word that turns round what the others say, or with another.
    ("Smith voted against the treaty.", "Smith voted for the treaty."),
    ("The court ruled against the government's plan.", "The court ruled for the plan."),
    ("Korea pays less than Japan.", "Korea pays more than Japan."),
    ("The base lies outside Seoul.", "The base lies in Seoul."),
    ("The village lies beyond the river.", "The village lies on the river."),
    ("The island lies off the coast.", "The island lies on the coast."),
    ("The island lies on the coast.", "The island lies off the coast."),
    ("The lake is less salty than the sea.", "The lake is salty."),
    ("Three soldiers were accused of murdering a shopkeeper.", "Three soldiers murdered a shopkeeper."),
    ("The clerk was suspected of stealing the seal.", "The clerk stole the seal."),
    ("The clerk was charged with forging the seal.", "The clerk forged the seal."),
    ("It is unlikely that North Korea will give up its weapons.", "North Korea will give up its weapons."),
    ("There is little evidence that the drug works.", "The drug works."),
    ("There is a lack of evidence that the drug works.", "The drug works."),
    ("The island lacks fresh water.", "The island has fresh water."),
    ("The minister dismissed reports that troops would leave.", "Troops would leave."),
    ("Opponents of the treaty protested in Seoul.", "The treaty protested in Seoul."),
    ("The alliance is weak rather than strong.", "The alliance is strong."),
    ("The alliance is anything but strong.", "The alliance is strong."),
    ("The alliance is far from strong.", "The alliance is strong."),
    ("The law applies to ships other than warships.", "The law applies to warships."),
    ("The ban applies to everyone but soldiers.", "The ban applies to everyone."),
    ("The ban applies to everyone but soldiers.", "The ban applies to soldiers."),
    ("It is false that the alliance ended in 1990.", "The alliance ended in 1990."),
    ("Contrary to the belief that the base was closed, it is open.", "The base was closed."),
    ("Unlike Japan, South Korea has no aircraft carrier.", "Japan has no aircraft carrier."),
    ("The army trains its own pilots instead of hiring them.", "The army trains pilots and hires them."),
    ("The river flows away from the city.", "The river flows to the city."),
    ("She was nominated for the Nobel Prize in 1987.", "She was given the Nobel Prize in 1987."),
    ("Talks with the North were held without the South.", "Talks with the South were held."),
    ("Fewer than 100 soldiers died.", "More than 100 soldiers died."),
    ("Everyone other than the miller was paid.", "Everyone was paid."),
    ("The estimated cost is $5 million.", "The cost is $5 million."),
    ("A lack of rain ruined the crops.", "Rain ruined the crops."),
    ("The jury acquitted Lund of stealing the seal.", "Lund was stealing the seal."),
    ("The prisoners were kept away from the harbour.", "The prisoners were kept in the harbour."),
]
# The quote's own words, fewer of them or in another order, that say no more than it does.
SHORTER = [
    ("Demonstrations against the treaty were held in Seoul in 2002.", "Demonstrations were held in Seoul in 2002."),
    ("The alliance is a deterrent against North Korea.", "The alliance is a deterrent."),
    ("The army fought against Japan in 1905.", "The army fought in 1905."),
    ("Smith voted against the treaty in 1953.", "Smith voted against the treaty."),
    ("The base lies outside Seoul, near the river.", "The base lies outside Seoul."),
    ("The army trains its own pilots instead of hiring them.", "The army trains its own pilots."),
    ("The alliance is weak rather than strong.", "The alliance is weak."),
    ("Unlike Japan, South Korea has no aircraft carrier.", "South Korea has no aircraft carrier."),
    ("Korea pays less than Japan.", "Korea pays less."),
    ("Korea spends more on defense than Japan.", "Korea spends more than Japan on defense."),
    ("The ships sailed beyond the strait in May 1952.", "The ships sailed in May 1952."),
    ("The firm moved away from coal in 1990.", "The firm moved away from coal."),
    ("The treaty protects the South against attacks by the North.", "The treaty protects the South."),
    ("The base has 500 tanks, 40 guns and 30 trucks.", "The base has 40 guns."),
    ("The base has 500 tanks and 40 guns.", "The base has 40 guns."),
    ("Elections were held in 1948, 1952 and 1956.", "Elections were held in 1952."),
    ("Summits were held in 1998 in Seoul and in 2001 in Tokyo.", "A summit was held in 1998 in Seoul."),
    ("She bought the mill in 1911 and sold it in 1926.", "She bought the mill in 1911."),
    ("The treaty signed in 1953 entered into force in 1954.", "The treaty was signed in 1953."),
    ("The treaty signed in 1953 entered into force in 1954.", "The treaty entered into force in 1954."),
    ("The treaty signed in 1953 entered into force in 1954.", "The treaty entered into force."),
    ("South Korea has 37,000 troops, and Japan has 50,000 troops.", "Japan has 50,000 troops."),
    ("South Korea has 37,000 troops, and Japan has 50,000 troops.", "South Korea has 37,000 troops."),
    ("The museum has 40 rooms, which hold 3,000 paintings, and a garden.", "The museum has 40 rooms."),
    ("The museum has 40 rooms, which hold 3,000 paintings, and a garden.", "The rooms hold 3,000 paintings."),
    ("Adults receive 10 mg a day, but children receive 5 mg a day.", "Children receive 5 mg a day."),
    (
        "Control passed from the United States to South Korea in 1994.",
        "Control passed from the United States to South Korea.",
    ),
    (
        "Control passed from the United States to South Korea in 1994.",
        "In 1994 control passed from the United States to South Korea.",
    ),
    (
        "The United States and South Korea signed the treaty in 1953.",
        "South Korea and the United States signed the treaty in 1953.",
    ),
    ("The firm was founded in 1950 by Ada Lorne, who led it until 1975.", "The firm was founded by Ada Lorne in 1950."),
    ("The lake is less salty than the sea.", "The lake is less salty."),
    ("The village, which lies outside the walls, has 300 houses.", "The village has 300 houses."),
    ("The plant grows on rocks off the coast of Chile.", "The plant grows on rocks."),
    ("The largest of the five bases is Osan.", "The largest base is Osan."),
    ("Workers struck against the owners, and in 1905 the owners gave way.", "In 1905 the owners gave way."),
    ("The dam was begun in 1950 under King Olaf and finished in 1962 under his son.", "The dam was finished in 1962."),
    ("Founded in 1902, the club has played in Arden since 1950.", "The club has played in Arden since 1950."),
    ("The ferry carries 60 cars, 12 lorries and 400 people.", "The ferry carries 400 people."),
    ("Opponents of the dam marched to the capital.", "Opponents of the dam marched."),
    ("Little is known of the author, who died in 1611.", "The author died in 1611."),
]
# Twists that the check does not see: it knows no grammar.
UNSEEN_TWISTS = [
    (
        "The company made a loss of $5 million, after a profit in the year before.",
        "The company made a profit of $5 million.",
    ),
    ("The treaty was signed in London after talks in Paris.", "The treaty was signed in Paris."),
    ("Smith defeated Jones and won the election.", "Jones won the election."),
    ("The museum sold tickets and no food.", "The museum sold no tickets."),
    # Something stands for what it only describes.
    ("The commander of the Eighth Army was killed in 1950.", "The Eighth Army was killed in 1950."),
    ("The president's brother resigned.", "The president resigned."),
    ("The U.S. withdrew its nuclear weapons from South Korea in 1991.", "South Korea withdrew its nuclear weapons."),
    # The subject of one part with what is said in another.
    (
        "South Korea pays the salaries of Korean workers, and the United States pays for fuel.",
        "South Korea pays for fuel.",
    ),
    ("The first commander was Walker and the last was Ridgway.", "The last commander was Walker."),
    # A number whose own part leaves the verb out, or that another word further on tells from its like.
    ("Adults receive 10 mg a day, but children 5 mg.", "Children receive 10 mg a day."),
    ("The calendar has 18 months in a year and 20 days in a month.", "The calendar has 20 days in a year."),
    ("Of the five bases two were closed.", "Five bases were closed."),
]

LEASE = (
    "The lease of 2004",
    "The tenant pays 1,200 euros a month and may end the lease with three months' notice, unless rent is owed.",
)
FLOOD = ("The flood", "In March 1862 the river rose by two metres within a day and drowned 41 people in Lower Vessel.")
PATENT = ("Looms", "Although Hargreaves filed the patent in 1770, the courts later declared it invalid.")
SCHOOL = (
    "The school",
    "Founded by Maria Lenz as a school for girls, it has admitted boys since 1971 and has 640 pupils.",
)
VIRUS = (
    "Study. Mice were infected.",
    "Neither vaccine prevented infection, but both reduced the viral load in the lungs.",
)

SUPPORTED_APART = [
    (*LEASE, "The tenant pays 1,200 euros a month."),
    (*LEASE, "The tenant may end the lease with three months' notice."),
    (*FLOOD, "In March 1862 the river rose by two metres within a day."),
    (*FLOOD, "The flood drowned 41 people in Lower Vessel in 1862."),
    (*PATENT, "Hargreaves filed the patent in 1770."),
    (*PATENT, "The courts later declared the patent invalid."),
    (*SCHOOL, "It was founded by Maria Lenz as a school for girls."),
    (*SCHOOL, "The school has admitted boys since 1971."),
    (*SCHOOL, "It has 640 pupils."),
    (*VIRUS, "Neither vaccine prevented infection."),
    (*VIRUS, "Both vaccines reduced the viral load in the lungs."),
]
NOT_SUPPORTED_APART = [
    (*LEASE, "The tenant pays 1,200 euros a year."),
    (*LEASE, "The landlord may end the lease with three months' notice."),
    (*LEASE, "The tenant may not end the lease with three months' notice."),
    (*LEASE, "The tenant may end the lease with three weeks' notice."),
    (*FLOOD, "In May 1862 the river rose by two metres."),
    (*FLOOD, "The flood drowned 41 people in Upper Vessel in 1862."),
    (*FLOOD, "The river fell by two metres within a day."),
    (*PATENT, "Arkwright filed the patent in 1770."),
    (*PATENT, "The courts later declared the patent valid."),
    (*SCHOOL, "Maria Lenz founded it as a school for boys."),
    (*SCHOOL, "The school has admitted girls since 1971."),
    (*SCHOOL, "It has 640 teachers."),
    (*VIRUS, "Both vaccines prevented infection."),
    (*VIRUS, "Neither vaccine reduced the viral load in the lungs."),
    (*VIRUS, "Both vaccines reduced the viral load in the liver."),
]
# Written after the check had learnt to see the twists and shorter words above, and only ever measured.
TWISTS_APART = [
    (
        "The bridge at Holm carries 4,000 cars a day and the bridge at Arden carries 900 cars a day.",
        "The bridge at Arden carries 4,000 cars a day.",
    ),
    ("The north wing has 12 rooms and the south wing, built later, has 30 rooms.", "The south wing has 12 rooms."),
    ("Norway spends 2% of its budget on ships, while Denmark spends 1% on ships.", "Denmark spends 2% on ships."),
    ("The harbour has 12 cranes, and the airport has 3 hangars.", "The airport has 12 cranes."),
    ("Lund won 40 matches in 1990, and Berg won 12 matches in 1991.", "Berg won 40 matches."),
    (
        "The letter from Queen Maud to Count Brahe was found in 1871.",
        "The letter from Count Brahe to Queen Maud was found in 1871.",
    ),
    (
        "King Olaf gave the island for Bishop Torkel to Duke Knut.",
        "King Olaf gave the island for Duke Knut to Bishop Torkel.",
    ),
    ("The United Nations handed the port to East Timor.", "East Timor handed the port to the United Nations."),
    ("The bishop preached against the war.", "The bishop preached for the war."),
    ("The wreck lies off the island of Holm.", "The wreck lies on the island of Holm."),
    ("The clinic is outside the old town.", "The clinic is in the old town."),
    ("Instead of wood, the builders used stone.", "The builders used wood."),
    ("Unlike the violin, the viola is tuned to a low C.", "The violin is tuned to a low C."),
    ("He was accused of selling secrets.", "He was selling secrets."),
    ("The police suspected Lund of burning the barn.", "Lund burned the barn."),
    ("The officer was acquitted of striking a sailor.", "The officer struck a sailor."),
    ("The officer was acquitted of striking a sailor.", "The officer was striking a sailor."),
    ("The act passed in 1833 was repealed in 1870.", "The act was passed in 1870."),
    ("The act passed in 1833 was repealed in 1870.", "The act was repealed in 1833."),
    ("The bridge begun in 1883 opened in 1889.", "The bridge was begun in 1889."),
    ("A treaty signed in 1648 ended a war declared in 1618.", "A treaty was signed in 1618."),
    ("The wine is less sweet than port.", "The wine is sweet."),
    ("The wine is less sweet than port.", "The wine is more sweet than port."),
    ("The mosque stands beyond the river.", "The mosque stands in the river."),
    ("The claim that the comet returned is false.", "The comet returned."),
    ("It is unlikely that the vase is Roman.", "The vase is Roman."),
    ("The estimated height is 90 metres.", "The height is 90 metres."),
    ("Berg was nominated as minister in 1990.", "Berg was minister in 1990."),
    ("All but the youngest pupils passed.", "The youngest pupils passed."),
    ("All but the youngest pupils passed.", "All pupils passed."),
    ("The wall is far from complete.", "The wall is complete."),
    ("The committee chose Oslo rather than Bergen.", "The committee chose Bergen."),
    ("The village had 800 people in 1900 and 1,200 in 1950.", "The village had 1,200 people in 1900."),
    ("The duke ruled for nine years, and his son ruled for thirty years.", "His son ruled for nine years."),
    ("The wife of the mayor drowned.", "The mayor drowned."),
    ("The king's horse died.", "The king died."),
]
SHORTER_APART = [
    (
        "The bridge at Holm carries 4,000 cars a day and the bridge at Arden carries 900 cars a day.",
        "The bridge at Arden carries 900 cars a day.",
    ),
    ("The north wing has 12 rooms and the south wing, built later, has 30 rooms.", "The south wing has 30 rooms."),
    ("Norway spends 2% of its budget on ships, while Denmark spends 1% on ships.", "Denmark spends 1% on ships."),
    ("The library holds 90,000 books, 300 maps and two globes.", "The library holds two globes."),
    ("The library holds 90,000 books, 300 maps and two globes.", "The library holds 300 maps."),
    (
        "The letter from Queen Maud to Count Brahe was found in 1871.",
        "The letter from Queen Maud to Count Brahe was found.",
    ),
    ("The railway from Lima to Cusco opened in 1908.", "The railway opened in 1908."),
    ("King Olaf gave the island to Bishop Torkel in 1210.", "In 1210 King Olaf gave the island to Bishop Torkel."),
    (
        "The Agreement for Trade and Transit was signed by Peru and Chile.",
        "The Agreement for Trade and Transit was signed by Peru.",
    ),
    ("The strike against the mine owners lasted nine weeks.", "The strike lasted nine weeks."),
    ("The campaign against malaria began in 1955.", "The campaign began in 1955."),
    ("The wreck lies off the island of Holm at 40 metres.", "The wreck lies at 40 metres."),
    ("The clinic, outside the old town, treats 200 patients a day.", "The clinic treats 200 patients a day."),
    ("Instead of wood, the builders used stone from Arden.", "The builders used stone from Arden."),
    ("Unlike the violin, the viola is tuned to a low C.", "The viola is tuned to a low C."),
    ("The report was published without maps in 1881.", "The report without maps was published in 1881."),
    ("He was accused of treason and fled to Spain in 1640.", "He was accused of treason."),
    ("He was accused of treason, and fled to Spain in 1640.", "He fled to Spain in 1640."),
    ("The act passed in 1833 was repealed in 1870.", "The act was repealed in 1870."),
    ("The act passed in 1833 was repealed in 1870.", "The act was passed in 1833."),
    ("Born in 1810, Lund entered the navy in 1826 and left it in 1850.", "Lund entered the navy in 1826."),
    ("Born in 1810, Lund entered the navy in 1826 and left it in 1850.", "Lund left the navy in 1850."),
    ("The choir sang in Vienna in 1983, in Rome in 1985 and in Paris in 1990.", "The choir sang in Rome in 1985."),
    ("The choir sang in Vienna in 1983, in Rome in 1985 and in Paris in 1990.", "The choir sang in Paris in 1990."),
    ("The plant was opened in 1974, enlarged in 1981 and shut in 1999.", "The plant was shut in 1999."),
    ("The village had 800 people in 1900 and 1,200 in 1950.", "The village had 800 people in 1900."),
    ("The village had 800 people in 1900 and 1,200 in 1950.", "The village had 1,200 people in 1950."),
    ("The firm laid off 300 workers in May.", "The firm laid off 300 workers."),
    ("The mosque stands beyond the river, near the market.", "The mosque stands near the market."),
    ("The duke ruled for nine years, and his son for thirty.", "The duke ruled for nine years."),
    ("The council dismissed the clerk in 1702.", "In 1702 the council dismissed the clerk."),
]
