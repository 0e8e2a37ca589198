-- Parameters and columns carry the names of struct webhook and struct webhook_lane
-- (src/model/webhook.h). :organization_id NULL: whoever's, for the operator.

-- query: webhook_insert
INSERT INTO webhooks (id, organization_id, user_id, url, description, events, sealed_secret,
    sealed_former_secret, former_until, is_active, failing_since, reason, version, created_at,
    updated_at)
VALUES (:id, :organization_id, :user_id, :url, :description, :events, :sealed_secret,
    :sealed_former_secret, :former_until, :is_active, :failing_since, :reason, :version,
    :created_at, :updated_at);

-- query: webhook_by_id
SELECT * FROM webhooks WHERE id = :id
    AND (:organization_id IS NULL OR organization_id = :organization_id);

-- query: webhook_list
SELECT * FROM webhooks
WHERE (:organization_id IS NULL OR organization_id = :organization_id) ORDER BY id LIMIT :limit;

-- query: webhook_list_active
SELECT * FROM webhooks WHERE is_active = 1 ORDER BY id LIMIT :limit;

-- query: webhook_count
SELECT COUNT(*) AS number FROM webhooks WHERE organization_id = :organization_id;

-- query: webhook_change
UPDATE webhooks SET url = :url, description = :description, events = :events,
    sealed_secret = :sealed_secret, sealed_former_secret = :sealed_former_secret,
    former_until = :former_until, is_active = :is_active, failing_since = :failing_since,
    reason = :reason, version = version + 1, updated_at = :updated_at
WHERE id = :id;

-- How it fares, unless somebody has changed it meanwhile.
-- query: webhook_note
UPDATE webhooks SET is_active = :is_active, failing_since = :failing_since, reason = :reason
WHERE id = :id AND version = :version;

-- query: webhook_remove
DELETE FROM webhooks WHERE id = :id;

-- query: webhook_lane_insert
INSERT INTO webhook_lanes (webhook_id, lane, number, attempts, next_attempt_at)
VALUES (:webhook_id, :lane, :number, :attempts, :next_attempt_at);

-- query: webhook_lane_list
SELECT * FROM webhook_lanes WHERE webhook_id = :webhook_id ORDER BY lane LIMIT :limit;

-- Never back: somebody may have sent it on meanwhile.
-- query: webhook_lane_advance
UPDATE webhook_lanes SET number = :number, attempts = 0, next_attempt_at = NULL
WHERE webhook_id = :webhook_id AND lane = :lane AND number < :number;

-- query: webhook_lane_fail
UPDATE webhook_lanes SET attempts = :attempts, next_attempt_at = :next_attempt_at
WHERE webhook_id = :webhook_id AND lane = :lane AND number <= :number
    AND EXISTS (SELECT 1 FROM webhooks WHERE id = :webhook_id AND version = :version);

-- query: webhook_lanes_restart
UPDATE webhook_lanes SET attempts = 0, next_attempt_at = NULL WHERE webhook_id = :webhook_id;

-- query: webhook_lanes_pass_over
UPDATE webhook_lanes SET number = :number WHERE webhook_id = :webhook_id AND number < :number;

-- query: webhook_lanes_least
SELECT MIN(number) AS number FROM webhook_lanes WHERE webhook_id = :webhook_id;

-- query: webhook_lanes_remove
DELETE FROM webhook_lanes WHERE webhook_id = :webhook_id;
