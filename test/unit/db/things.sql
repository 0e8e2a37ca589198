-- Parameters and columns carry the names of struct thing (thing.h).

-- query: thing_insert
INSERT INTO things (id, parent_id, label, number, is_good, happened_at, color, tags)
VALUES (:id, :parent_id, :label, :number, :is_good, :happened_at, :color, :tags);

-- query: thing_insert_two
INSERT INTO things (id, number, is_good) VALUES (:id, 1, 1), (:other_id, 1, 1);

-- query: thing_by_id
SELECT * FROM things WHERE id = :id;

-- query: thing_list
SELECT * FROM things ORDER BY id LIMIT :limit;

-- query: thing_count
SELECT COUNT(*) AS number FROM things;

-- query: thing_largest
SELECT MAX(number) AS number FROM things WHERE number < :below;

-- query: thing_change
UPDATE things SET number = :number, label = :label WHERE id = :id AND number <> :number;

-- query: thing_spoil
UPDATE things SET color = :color, tags = :tags WHERE id = :id;

-- query: thing_claim
UPDATE things SET is_good = 1 WHERE is_good = 0 AND number >= :from_number RETURNING *;
