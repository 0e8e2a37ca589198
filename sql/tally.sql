-- How many there are of what: drafts, emails, conversations.

-- query: tally_add
INSERT INTO tallies (user_id, what, organization_id, number)
VALUES (:user_id, :what, :organization_id, :number)
ON CONFLICT (user_id, what) DO UPDATE SET number = tallies.number + excluded.number;

-- query: tally_of_user
SELECT number FROM tallies WHERE user_id = :user_id AND what = :what;

-- query: tally_of_organization
SELECT SUM(number) AS number FROM tallies
WHERE organization_id = :organization_id AND what = :what;
