-- tables --
-- Every table of ours, by name.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name;

-- columns --
-- The columns of a table, each with its place in the key, or 0.
SELECT name, pk FROM pragma_table_info(:table);
