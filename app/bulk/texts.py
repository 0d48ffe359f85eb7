"""What demo users call their things."""

from __future__ import annotations

from app.quests.rules import QuestDifficulty

EASY, NORMAL = QuestDifficulty.EASY, QuestDifficulty.NORMAL
HARD, EPIC = QuestDifficulty.HARD, QuestDifficulty.EPIC

FIRST_NAMES = (
    *("Ada", "Amir", "Bruno", "Chiara", "Dara", "Elif", "Emil", "Farah", "Goran", "Hana"),
    *("Ines", "Jonas", "Kaito", "Leila", "Marek", "Nadia", "Olu", "Petra", "Quentin", "Rosa"),
    *("Sami", "Tove", "Uma", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoe"),
)
LAST_NAMES = (
    *("Abe", "Berg", "Costa", "Dahl", "Eriksen", "Ferri", "Gupta", "Horvat", "Ito", "Jansen"),
    *("Kaya", "Lund", "Moreau", "Novak", "Okoye", "Pinto", "Quist", "Rossi", "Silva", "Tanaka"),
    *("Ueda", "Vargas", "Weber", "Yilmaz", "Zielinski"),
)

QUESTS: tuple[tuple[str, str, QuestDifficulty], ...] = (
    ("Walk for {n} minutes", "health", EASY),
    ("Run {n} kilometres", "health", HARD),
    ("Stretch for {n} minutes", "health", EASY),
    ("Cook a dinner for {n}", "home", NORMAL),
    ("Sort {n} drawers", "home", EASY),
    ("Paint wall number {n}", "home", HARD),
    ("Plant {n} pots of herbs", "home", NORMAL),
    ("Read {n} pages", "learning", EASY),
    ("Learn {n} words of Italian", "learning", NORMAL),
    ("Solve {n} problems", "learning", NORMAL),
    ("Finish chapter {n} of the course", "learning", HARD),
    ("Write {n} lines of the diary", "mind", EASY),
    ("Sit still for {n} minutes", "mind", EASY),
    ("Call {n} friends", "people", NORMAL),
    ("Answer {n} letters", "people", NORMAL),
    ("Clear {n} mails", "work", EASY),
    ("Draft section {n} of the report", "work", HARD),
    ("Review {n} changes", "work", NORMAL),
    ("Publish release {n}", "work", EPIC),
    ("Practise scales for {n} minutes", "music", NORMAL),
    ("Record take {n}", "music", HARD),
)
"""Title with a number in it, category, difficulty."""

REPEATING_QUESTS: tuple[tuple[str, str, QuestDifficulty], ...] = (
    ("Tidy up the desk", "home", EASY),
    ("Plan the week", "work", NORMAL),
    ("Look through the budget", "money", NORMAL),
    ("Write to grandmother", "people", EASY),
    ("Back up the computer", "work", EASY),
)

HABITS: tuple[tuple[str, str, str], ...] = (
    ("Drink a glass of water", "droplet", "#3b82f6"),
    ("Ten press-ups", "dumbbell", "#ef4444"),
    ("Read before bed", "book", "#8b5cf6"),
    ("Write the diary", "pencil", "#f59e0b"),
    ("Meditate", "leaf", "#10b981"),
    ("Practise the piano", "music", "#ec4899"),
    ("Eat some fruit", "apple", "#84cc16"),
    ("No screen after ten", "moon", "#6366f1"),
    ("Walk to work", "foot", "#14b8a6"),
)
"""Name, icon, colour."""

GOALS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Run a half marathon", "health", ("5 km", "10 km", "15 km", "The whole distance")),
    ("Speak Italian on holiday", "learning", ("500 words", "Past tense", "A talk", "A book")),
    ("Write a novel", "mind", ("Outline", "First act", "Second act", "Third act", "Revision")),
    ("Build a bookshelf", "home", ("Drawing", "Wood", "Frame", "Varnish")),
    ("Save for a bicycle", "money", ("A quarter", "Half", "Three quarters", "All of it")),
    ("Play the first suite", "music", ("Prelude", "Allemande", "Courante", "Gigue")),
    ("Ship the side project", "work", ("Sketch", "Prototype", "First user", "Launch")),
    ("Swim across the lake", "health", ("Crawl", "One kilometre", "Open water")),
    ("Learn to draw faces", "mind", ("Proportions", "Eyes", "Hair", "Light")),
    ("Keep bees", "home", ("Course", "Hive", "Swarm", "First honey")),
)
"""Title, category, milestones."""

BOOKS: tuple[tuple[str, str, int], ...] = (
    ("The Salt Road", "M. Ferreira", 312),
    ("A Map of Quiet Places", "Ines Aldana", 244),
    ("Letters to a Lighthouse", "J. Okafor", 198),
    ("The Glass Orchard", "Tomas Lindqvist", 420),
    ("Winter in the Archive", "Hana Mori", 356),
    ("What the River Kept", "S. Kovac", 288),
    ("The Clockmaker's Garden", "Elena Marchetti", 512),
    ("Small Hours", "Amadou Diallo", 176),
    ("An Honest Mistake", "R. Whitlock", 264),
    ("The Ninth Bridge", "Piotr Zalewski", 640),
    ("Borrowed Weather", "Leila Haddad", 232),
    ("Notes on Patience", "K. Sorensen", 144),
)
"""Title, author, pages."""

WORKOUTS = ("Push day", "Pull day", "Legs", "Whole body", "Core and balance", "Easy run")
OWN_EXERCISES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Stairs with a rucksack", "cardio", ("quadriceps", "glutes")),
    ("Towel pull-up", "strength", ("lats", "forearms")),
    ("Slackline stand", "balance", ("calves",)),
    ("Doorway stretch", "flexibility", ("chest",)),
)
"""Name, category, muscles."""
PROGRAMS = ("Stronger in twelve weeks", "First ten kilometres", "Back to the gym")

LIBRARIES: tuple[tuple[str, str], ...] = (
    ("Deep work", "playlist"),
    ("Rain and wind", "playlist"),
    ("Piano evenings", "album"),
    ("My own loops", "custom"),
)
TRACKS = ("Northern Light", "Slow Tide", "Paper Boats", "Long Exposure", "Harbour", "Embers")
ARTISTS = ("The Quiet Hours", "Mira Solano", "Fjord Ensemble", "Kite Season")
GENRES = ("ambient", "jazz", "classical", "electronic", "folk")
SECTIONS = ("intro", "verse", "chorus", "bridge", "outro")

REWARDS: tuple[tuple[str, str, int], ...] = (
    ("An episode", "tv", 20),
    ("A piece of cake", "cake", 30),
    ("A lazy morning", "bed", 80),
    ("A new record", "disc", 250),
    ("A day out", "map", 400),
)
"""Title, icon, price in coins."""

EVENTS: tuple[tuple[str, str], ...] = (
    ("Meeting with the team", "meeting"),
    ("Dentist", "event"),
    ("Train to the coast", "event"),
    ("Focus on the report", "focus"),
    ("Hand in the tax return", "deadline"),
    ("Dinner with friends", "event"),
    ("Library closes early", "other"),
)
"""Title, type."""
PLACES = ("Home", "Office", "Library", "Park", "Station")

IDEAS = ("A podcast about", "A board game about", "A shop for", "A map of", "A song about")
SUBJECTS = ("forgotten letters", "night trains", "city bees", "old bridges", "slow food", "tides")
FACTS = ("Router settings", "Bread recipe", "Paint colours", "Bike sizes", "Tax numbers")
SOURCES = ("An essay on", "A talk about", "The handbook of", "An interview on")
INBOX = ("Ask about", "Look up", "Order", "Return", "Thank Nadia for", "Think about")
THINGS = ("the keys", "the lamp", "train tickets", "the invoice", "the recipe", "new shoes")
TAGS = ("home", "later", "money", "reading", "someday", "travel", "work")
FEEDBACK: tuple[tuple[str, str], ...] = (
    ("feature", "A dark calendar"),
    ("bug", "The timer jumps back"),
    ("praise", "I like the streaks"),
    ("question", "Where do I change the day start?"),
)
"""Type, title."""

SKILLS: tuple[tuple[str, str], ...] = (
    ("Juggling", "physical"),
    ("Sourdough baking", "physical"),
    ("Chess endgames", "abstract"),
    ("Watercolour", "physical"),
    ("Public speaking", "abstract"),
    ("Statistics", "abstract"),
)
"""Name, type."""
DEVICES = ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone)", "questline-mobile/2.4")
