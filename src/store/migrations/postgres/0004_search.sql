-- The text that a record is found by, in lower case and without accents. Every record that is there
-- gets its own right after this, in the same transaction.

ALTER TABLE users ADD COLUMN search_text TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN search_text TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organisation_users ADD COLUMN search_text TEXT COLLATE "C" NOT NULL DEFAULT '';
