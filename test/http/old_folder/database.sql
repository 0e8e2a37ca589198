BEGIN TRANSACTION;
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL,
    email_address TEXT NOT NULL,
    display_name TEXT,
    is_default INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    smtp_host TEXT,
    smtp_port BIGINT,
    smtp_security TEXT,
    smtp_username TEXT,
    sealed_password TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
, appends_signature INTEGER NOT NULL DEFAULT 0, signature_html TEXT, signature_text TEXT, sealed_refresh_token TEXT, granted_scopes TEXT, aliases TEXT, needs_sign_in INTEGER NOT NULL DEFAULT 0, paused_until BIGINT, pause_reason TEXT, sends_per_minute BIGINT NOT NULL DEFAULT 0, sends_at_once BIGINT NOT NULL DEFAULT 0, undo_seconds BIGINT NOT NULL DEFAULT 0, requires_approval INTEGER NOT NULL DEFAULT 0, imap_host TEXT, imap_port BIGINT NOT NULL DEFAULT 0, imap_security TEXT NOT NULL DEFAULT '', imap_username TEXT, sealed_imap_password TEXT);
INSERT INTO "accounts" VALUES('01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','sandbox','you@outtray.example',NULL,1,1,NULL,0,'',NULL,NULL,1796052879766,1796052879766,0,NULL,NULL,NULL,NULL,'[]',0,NULL,NULL,0,0,0,0,NULL,0,'',NULL,NULL);
INSERT INTO "accounts" VALUES('01a22d18-11a5-726a-ba4b-e471b094883b','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0ff7-7135-9b88-f36eea445e32','sandbox','second@outtray.example',NULL,1,1,NULL,0,'',NULL,NULL,1796052881793,1796052881793,0,NULL,NULL,NULL,NULL,'[]',0,NULL,NULL,0,0,0,0,NULL,0,'',NULL,NULL);
CREATE TABLE chains (
    organization_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT
);
INSERT INTO "chains" VALUES('01a22d18-0999-714b-81fc-e9ad7b316089',17,'c94581900c96142bdabbdcc5a31826c1af8d185eb7b5eafb3e87546b7193e59c');
CREATE TABLE contexts (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    context_type TEXT NOT NULL,
    context_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, context_type, context_id)
);
INSERT INTO "contexts" VALUES('01a22d18-0999-714b-81fc-e9ad7b316089','invoice','7','{"iban":"DE00"}',1796052882826,1796052882826);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    thread_id TEXT,
    subject TEXT,
    created_at BIGINT NOT NULL,
    last_message_at BIGINT NOT NULL
, participants TEXT, is_resolved INTEGER NOT NULL DEFAULT 0, message_count BIGINT NOT NULL DEFAULT 0, context_type TEXT, context_id TEXT);
INSERT INTO "conversations" VALUES('01a22d18-144f-721a-b9c3-c864628a9318','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-144f-721a-b9c3-c864628a9318','sent once',1796052882510,1796052882616,'[{"email":"b@example.com"}]',0,1,NULL,NULL);
INSERT INTO "conversations" VALUES('01a22d18-14d0-73b3-9149-2c9cf15f8227','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-14d0-73b3-9149-2c9cf15f8227','refused',1796052882640,1796052882640,'[{"email":"x+refused@example.com"}]',0,1,NULL,NULL);
INSERT INTO "conversations" VALUES('01a22d18-1585-7019-99ac-280fd0884798','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-1585-7019-99ac-280fd0884798','an approved one',1796052882821,1796052882831,'[{"email":"b@example.com"}]',0,1,NULL,NULL);
INSERT INTO "conversations" VALUES('01a22d18-1597-70ab-8070-4d243413e272','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-1597-70ab-8070-4d243413e272','came in',1795773600000,1795773600000,'[{"email":"ann@example.net","name":"Ann"}]',0,1,NULL,NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    sha256 TEXT NOT NULL,
    filename TEXT,
    mime_type TEXT,
    size_bytes BIGINT NOT NULL,
    case_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
, origin TEXT NOT NULL DEFAULT 'attached', removed_at BIGINT);
INSERT INTO "documents" VALUES('01a22d18-144d-7257-b302-a5034e94cbf0','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','79f076abdd19a752db7267bfff2f9022161d120dea919fdaca2ffdfc24ca8c96','a.txt','text/plain',4,NULL,1796052882509,1796052882509,'attached',NULL);
INSERT INTO "documents" VALUES('01a22d18-1540-7005-8274-96441d471878','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','79f076abdd19a752db7267bfff2f9022161d120dea919fdaca2ffdfc24ca8c96','a.txt','text/plain',4,NULL,1796052882752,1796052882752,'attached',NULL);
CREATE TABLE email_bodies (
    email_id TEXT PRIMARY KEY,
    body_text TEXT,
    body_html TEXT
, signature_html TEXT, signature_text TEXT);
INSERT INTO "email_bodies" VALUES('01a22d18-1435-704f-82fb-a237f4d39923','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-14d0-73b1-bf38-ca4d00237ca2','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-1537-7361-9524-547d59c3ccca','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-1559-7024-a620-a0b8b843d37e','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-1573-70fc-adc3-6fe86658c862','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-1576-72bb-b893-d60bbdd1c369','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-157e-739b-b6db-183f48d8ae27','t',NULL,NULL,NULL);
INSERT INTO "email_bodies" VALUES('01a22d18-1597-70aa-9c26-d14da8773a1a','Hello
',NULL,NULL,NULL);
CREATE TABLE email_documents (
    email_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (email_id, document_id)
);
INSERT INTO "email_documents" VALUES('01a22d18-1435-704f-82fb-a237f4d39923','01a22d18-144d-7257-b302-a5034e94cbf0');
INSERT INTO "email_documents" VALUES('01a22d18-1537-7361-9524-547d59c3ccca','01a22d18-1540-7005-8274-96441d471878');
CREATE TABLE emails (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    account_id TEXT,
    conversation_id TEXT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    from_email TEXT,
    from_name TEXT,
    to_recipients TEXT,
    cc_recipients TEXT,
    bcc_recipients TEXT,
    subject TEXT,
    attachments TEXT,
    context_type TEXT,
    context_id TEXT,
    message_id TEXT,
    message_date BIGINT,
    parent_id TEXT,
    in_reply_to TEXT,
    reference_ids TEXT,
    planned_send_at BIGINT,
    next_attempt_at BIGINT,
    attempts BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    lease_until BIGINT,
    committed_at BIGINT,
    sent_at BIGINT,
    provider TEXT,
    provider_message_id TEXT,
    provider_thread_id TEXT,
    reason TEXT,
    mail_sha256 TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
, client_id TEXT, reply_to_recipients TEXT, is_received INTEGER NOT NULL DEFAULT 0, provider_handle TEXT, written_message_id TEXT, probes BIGINT NOT NULL DEFAULT 0, if_missed TEXT, expire_after_seconds BIGINT NOT NULL DEFAULT 0, requires_approval INTEGER NOT NULL DEFAULT 0, content_sha256 TEXT, asked_by TEXT, asked_token_id TEXT, approved_sha256 TEXT, approved_by TEXT, approved_at BIGINT, erased_at BIGINT, trying_since BIGINT, is_restored INTEGER NOT NULL DEFAULT 0);
INSERT INTO "emails" VALUES('01a22d18-1435-704f-82fb-a237f4d39923','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-144f-721a-b9c3-c864628a9318','sent',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','sent once','[{"document_id":"01a22d18-144d-7257-b302-a5034e94cbf0","sha256":"79f076abdd19a752db7267bfff2f9022161d120dea919fdaca2ffdfc24ca8c96","filename":"a.txt","content_type":"text/plain","size_bytes":4}]',NULL,NULL,'<01a22d18-144f-7219-b850-1ca4df50c247@outtray.example>',1796052882510,NULL,NULL,NULL,NULL,1796052882510,1,1,NULL,1796052882608,1796052882616,'sandbox','sandbox-01a22d18-1435-704f-82fb-a237f4d39923','01a22d18-144f-721a-b9c3-c864628a9318',NULL,'c998e6bdd8189e00788c7eff32295a78d4e3c271bcf75a42e4879abea1229b2e',1796052882510,1796052882616,NULL,'[]',0,NULL,NULL,0,'send',0,0,NULL,'01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-14d0-73b1-bf38-ca4d00237ca2','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-14d0-73b3-9149-2c9cf15f8227','failed',1,'you@outtray.example',NULL,'[{"email":"x+refused@example.com"}]','[]','[]','refused','[]',NULL,NULL,'<01a22d18-14d0-73b2-8a60-5104e0ec91fa@outtray.example>',1796052882640,NULL,NULL,NULL,NULL,1796052882640,1,1,NULL,NULL,NULL,'sandbox',NULL,'01a22d18-14d0-73b3-9149-2c9cf15f8227','550 5.1.1 the sandbox refuses this recipient','5a16b54fa45803284166f119b505414b74cd77dbe2ec3d05a9667759aa8bb52b',1796052882640,1796052882702,NULL,'[]',0,NULL,NULL,0,'send',0,0,NULL,'01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-1537-7361-9524-547d59c3ccca','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220',NULL,'draft',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','a draft','[{"document_id":"01a22d18-1540-7005-8274-96441d471878","sha256":"79f076abdd19a752db7267bfff2f9022161d120dea919fdaca2ffdfc24ca8c96","filename":"a.txt","content_type":"text/plain","size_bytes":4}]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1796052882752,1796052882752,NULL,'[]',0,NULL,NULL,0,'send',0,0,NULL,'01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-1559-7024-a620-a0b8b843d37e','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220',NULL,'draft',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','planned','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,2646106316000,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1796052882777,1796052882777,NULL,'[]',0,NULL,NULL,0,'send',0,0,NULL,'01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-1573-70fc-adc3-6fe86658c862','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220',NULL,'draft',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','an agent''s draft','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1796052882803,1796052882803,NULL,'[]',0,NULL,NULL,0,'send',0,1,NULL,'01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-1576-72bb-b893-d60bbdd1c369','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220',NULL,'pending_approval',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','an agent''s question','[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,'sandbox',NULL,NULL,NULL,NULL,1796052882806,1796052882809,NULL,'[]',0,NULL,NULL,0,'send',0,1,'5e61bfe069bc151bc61ff2a7a5a583eeb92eefbc929cc7611815700abc7fa08d','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-157e-739b-b6db-183f48d8ae27','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-1585-7019-99ac-280fd0884798','sent',1,'you@outtray.example',NULL,'[{"email":"b@example.com"}]','[]','[]','an approved one','[]',NULL,NULL,'<01a22d18-1585-7018-969e-e557db20d0fc@outtray.example>',1796052882821,NULL,NULL,NULL,NULL,1796052882821,1,1,NULL,1796052882826,1796052882831,'sandbox','sandbox-01a22d18-157e-739b-b6db-183f48d8ae27','01a22d18-1585-7019-99ac-280fd0884798',NULL,'38149633a5831439394b6804d4eef147cb5dd02578b42f15cd3b5c9327c3195a',1796052882814,1796052882831,NULL,'[]',0,NULL,NULL,0,'send',0,1,'ec1b2de2891151470d2ed9e8e5f75b05da5d5559abfc7097f4959140f538d655','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7','ec1b2de2891151470d2ed9e8e5f75b05da5d5559abfc7097f4959140f538d655','01a22d18-0ff7-7135-9b88-f36eea445e32',1796052882821,NULL,NULL,0);
INSERT INTO "emails" VALUES('01a22d18-1597-70aa-9c26-d14da8773a1a','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714e-94a5-cd9d28fd1220','01a22d18-1597-70ab-8070-4d243413e272','received',1,'ann@example.net','Ann','[]','[]','[]','came in','[]',NULL,NULL,'<m1@example.net>',1795773600000,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,1795773600000,'sandbox',NULL,'01a22d18-1597-70ab-8070-4d243413e272',NULL,'8875052a7d9d79bd587305cd11cb8ba2aaa898fd2417648277385f4186df7bda',1796052882839,1796052882839,NULL,'[]',1,NULL,NULL,0,'send',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE "events" (
    position INTEGER PRIMARY KEY,
    organization_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    email_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    token_id TEXT,
    reason TEXT,
    detail TEXT,
    salt TEXT,
    content_sha256 TEXT,
    mail_sha256 TEXT,
    hash TEXT
);
INSERT INTO "events" VALUES(1,'01a22d18-0999-714b-81fc-e9ad7b316089',1,'01a22d18-1435-704f-82fb-a237f4d39923',1796052882510,'send','draft','queued','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,'3784c82d1b1b3ceedfad3bc0b800aeffa0ad36f944e54ac1dd959e8b483df395');
INSERT INTO "events" VALUES(2,'01a22d18-0999-714b-81fc-e9ad7b316089',2,'01a22d18-1435-704f-82fb-a237f4d39923',1796052882543,'claim','queued','sending','system',NULL,NULL,NULL,NULL,NULL,NULL,'3fdc1ebd6720452ded1b4e2099dd3e981a13d2304849333a09769f70ec5fd636');
INSERT INTO "events" VALUES(3,'01a22d18-0999-714b-81fc-e9ad7b316089',3,'01a22d18-1435-704f-82fb-a237f4d39923',1796052882616,'accepted','sending','sent','system',NULL,NULL,NULL,NULL,NULL,'c998e6bdd8189e00788c7eff32295a78d4e3c271bcf75a42e4879abea1229b2e','35886617980e9d0a99d90c7b6422153474cd93734b9836416be06cdbb60792b6');
INSERT INTO "events" VALUES(4,'01a22d18-0999-714b-81fc-e9ad7b316089',4,'01a22d18-14d0-73b1-bf38-ca4d00237ca2',1796052882640,'send','draft','queued','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,'c92ebe63f880f43bda0ae5d0c2d62abfc5e90a04d73c9649384d9f846c6c21f4');
INSERT INTO "events" VALUES(5,'01a22d18-0999-714b-81fc-e9ad7b316089',5,'01a22d18-14d0-73b1-bf38-ca4d00237ca2',1796052882659,'claim','queued','sending','system',NULL,NULL,NULL,NULL,NULL,NULL,'f58da9ab5e44d1536edfaf5641bcb2522530d90199cf03cadc0381b7ccc8a4ce');
INSERT INTO "events" VALUES(6,'01a22d18-0999-714b-81fc-e9ad7b316089',6,'01a22d18-14d0-73b1-bf38-ca4d00237ca2',1796052882702,'refused','sending','failed','system',NULL,'550 5.1.1 the sandbox refuses this recipient',NULL,'BW5CtFOQT5CVMYkxF0kipA','b0ae9049f3ab692954870c6171eae9e3f2d33ee776fd35dcb3772ec69ca45788','5a16b54fa45803284166f119b505414b74cd77dbe2ec3d05a9667759aa8bb52b','eafdc10129b84f0ab3289e2db91a49fc40542e34d3976a7fc1f5bd15035ac649');
INSERT INTO "events" VALUES(7,'01a22d18-0999-714b-81fc-e9ad7b316089',7,'01a22d18-1537-7361-9524-547d59c3ccca',1796052882752,'created','draft','draft','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,'0853402ec84937605092c2f4bf3998ac7a9dc31a31833dbfd5bf8b586e57c537');
INSERT INTO "events" VALUES(8,'01a22d18-0999-714b-81fc-e9ad7b316089',8,'01a22d18-1559-7024-a620-a0b8b843d37e',1796052882777,'created','draft','draft','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0de2-717d-8a4d-d24e1d2fa603',NULL,NULL,NULL,NULL,NULL,'e1cd3acda936317f17a70e3b1097e6724e679c0907a3306a4f138ecad68efba4');
INSERT INTO "events" VALUES(9,'01a22d18-0999-714b-81fc-e9ad7b316089',9,'01a22d18-1573-70fc-adc3-6fe86658c862',1796052882803,'created','draft','draft','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,'a392ef69a3253ca29fcca67657a0a7389afc67dd213d16ebe4854af6fea5cd08');
INSERT INTO "events" VALUES(10,'01a22d18-0999-714b-81fc-e9ad7b316089',10,'01a22d18-1576-72bb-b893-d60bbdd1c369',1796052882806,'created','draft','draft','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,'7013639650161a4d1dbc983fe588af720124e0cea09d7d7dbd3a4f1235442f32');
INSERT INTO "events" VALUES(11,'01a22d18-0999-714b-81fc-e9ad7b316089',11,'01a22d18-1576-72bb-b893-d60bbdd1c369',1796052882809,'submit','draft','pending_approval','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,'9347c6ed06c276e989dbd9fc62bb40508040270da06ac2c65c4a0a1d71401ead');
INSERT INTO "events" VALUES(12,'01a22d18-0999-714b-81fc-e9ad7b316089',12,'01a22d18-157e-739b-b6db-183f48d8ae27',1796052882814,'created','draft','draft','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,'46431a3ae8a229fba74bd26700a44fafd73e073e77a402becc2b392637340f01');
INSERT INTO "events" VALUES(13,'01a22d18-0999-714b-81fc-e9ad7b316089',13,'01a22d18-157e-739b-b6db-183f48d8ae27',1796052882817,'submit','draft','pending_approval','01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0cb8-73e4-9db3-b9a0c2701ff7',NULL,NULL,NULL,NULL,NULL,'f65d03d166d55f27a99928a8ec299f7ef9a4a9903939087f8a9742afc78cc460');
INSERT INTO "events" VALUES(14,'01a22d18-0999-714b-81fc-e9ad7b316089',14,'01a22d18-157e-739b-b6db-183f48d8ae27',1796052882821,'approve','pending_approval','queued','01a22d18-0ff7-7135-9b88-f36eea445e32','01a22d18-13a1-7307-9972-5caaf98f381a',NULL,NULL,NULL,NULL,NULL,'2ca506e6847175a291be2b5d538e69bd846f3030e2fba5f139c03119979d2dab');
INSERT INTO "events" VALUES(15,'01a22d18-0999-714b-81fc-e9ad7b316089',15,'01a22d18-157e-739b-b6db-183f48d8ae27',1796052882823,'claim','queued','sending','system',NULL,NULL,NULL,NULL,NULL,NULL,'9240baed4a123a42374bd76f047d3b32a1847514e787d5d7a6dfcde173d1abda');
INSERT INTO "events" VALUES(16,'01a22d18-0999-714b-81fc-e9ad7b316089',16,'01a22d18-157e-739b-b6db-183f48d8ae27',1796052882831,'accepted','sending','sent','system',NULL,NULL,NULL,NULL,NULL,'38149633a5831439394b6804d4eef147cb5dd02578b42f15cd3b5c9327c3195a','262b3da9171c563ac6c7e32cf8ce6645639ff12f192b42e48b5a5314a421922e');
INSERT INTO "events" VALUES(17,'01a22d18-0999-714b-81fc-e9ad7b316089',17,'01a22d18-1597-70aa-9c26-d14da8773a1a',1796052882839,'received','received','received','system',NULL,NULL,NULL,NULL,NULL,'8875052a7d9d79bd587305cd11cb8ba2aaa898fd2417648277385f4186df7bda','c94581900c96142bdabbdcc5a31826c1af8d185eb7b5eafb3e87546b7193e59c');
CREATE TABLE idempotency_keys (
    organization_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    email_id TEXT,
    status BIGINT,
    content_type TEXT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, idempotency_key)
);
INSERT INTO "idempotency_keys" VALUES('01a22d18-0999-714b-81fc-e9ad7b316089','old-key-1','97537cafba4bc427a53e64b6d48cf5417304e0afc4e31c696a8c78367b46d515','01a22d18-1435-704f-82fb-a237f4d39923',200,'application/json','{"outbound_email_uid":"01a22d18-1435-704f-82fb-a237f4d39923","provider_message_id":"sandbox-01a22d18-1435-704f-82fb-a237f4d39923","provider_thread_id":"01a22d18-144f-721a-b9c3-c864628a9318","status":"sent","sent_at":"2026-11-30T15:34:42Z"}',1796052882484);
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO "organizations" VALUES('01a22d18-0999-714b-81fc-e9ad7b316089','My organization',1796052879766);
CREATE TABLE presence (seen_at BIGINT NOT NULL);
INSERT INTO "presence" VALUES(1796052884861);
CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL,applied_at BIGINT NOT NULL);
INSERT INTO "schema_version" VALUES(1,'first',1796052879583);
INSERT INTO "schema_version" VALUES(2,'conversations',1796052879635);
INSERT INTO "schema_version" VALUES(3,'correspondence',1796052879645);
INSERT INTO "schema_version" VALUES(4,'templates',1796052879649);
INSERT INTO "schema_version" VALUES(5,'mailboxes',1796052879656);
INSERT INTO "schema_version" VALUES(6,'promises',1796052879692);
INSERT INTO "schema_version" VALUES(7,'trying',1796052879737);
INSERT INTO "schema_version" VALUES(8,'restored',1796052879742);
INSERT INTO "schema_version" VALUES(9,'presence',1796052879743);
CREATE TABLE sign_ins (
    state_hash TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL,
    sealed_verifier TEXT NOT NULL,
    redirect_url TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE tallies (
    user_id TEXT NOT NULL,
    what TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (user_id, what)
);
INSERT INTO "tallies" VALUES('01a22d18-0999-714c-b906-55ac5e0cca7f','conversations','01a22d18-0999-714b-81fc-e9ad7b316089',4);
INSERT INTO "tallies" VALUES('01a22d18-0999-714c-b906-55ac5e0cca7f','emails','01a22d18-0999-714b-81fc-e9ad7b316089',7);
INSERT INTO "tallies" VALUES('01a22d18-0999-714c-b906-55ac5e0cca7f','drafts','01a22d18-0999-714b-81fc-e9ad7b316089',3);
CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    subject TEXT,
    body_text TEXT,
    body_html TEXT,
    context_type TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO "templates" VALUES('01a22d18-158e-723e-8f8e-d923850696c6','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','t','Hello {name}','b',NULL,NULL,1796052882830,1796052882830);
CREATE TABLE thread_keys (
    account_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    PRIMARY KEY (account_id, message_id)
);
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL UNIQUE,
    label TEXT,
    scopes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
INSERT INTO "tokens" VALUES('01a22d18-0999-714d-a7ce-e0ba245410a3','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','24260e774fed81d867b752ad090d9a1f4a2ec385ee70f3bacc953750b13a410b','first start',31,1796052879766,NULL,1796052882825,NULL);
INSERT INTO "tokens" VALUES('01a22d18-0cb8-73e4-9db3-b9a0c2701ff7','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','963d36434cd38570323db6bea520037e75419c68ffedd7978b9b1dc9e4d0b20e',NULL,5,1796052880567,NULL,1796052882797,NULL);
INSERT INTO "tokens" VALUES('01a22d18-0de2-717d-8a4d-d24e1d2fa603','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0999-714c-b906-55ac5e0cca7f','9147fa579f87b1fd3f04f346b7d9f17cb6a5fb804a070c8f618576d73a8104d7',NULL,3,1796052880853,NULL,1796052882439,NULL);
INSERT INTO "tokens" VALUES('01a22d18-13a1-7307-9972-5caaf98f381a','01a22d18-0999-714b-81fc-e9ad7b316089','01a22d18-0ff7-7135-9b88-f36eea445e32','71f8b1ad3454e16805f154e0dc2bcc3b734f94ae2383f11849f5b7c5be7fd2d9',NULL,11,1796052882333,NULL,1796052882821,NULL);
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    signature_html TEXT,
    signature_text TEXT,
    created_at BIGINT NOT NULL
, requires_approval INTEGER NOT NULL DEFAULT 0);
INSERT INTO "users" VALUES('01a22d18-0999-714c-b906-55ac5e0cca7f','01a22d18-0999-714b-81fc-e9ad7b316089','you@outtray.example',NULL,'<p>Regards</p>',NULL,1796052879766,0);
INSERT INTO "users" VALUES('01a22d18-0ff7-7135-9b88-f36eea445e32','01a22d18-0999-714b-81fc-e9ad7b316089','second@outtray.example',NULL,NULL,NULL,1796052881399,0);
CREATE TABLE webhook_lanes (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    lane BIGINT NOT NULL,
    number BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT,
    PRIMARY KEY (webhook_id, lane)
);
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    url TEXT NOT NULL,
    description TEXT,
    events TEXT,
    sealed_secret TEXT NOT NULL,
    sealed_former_secret TEXT,
    former_until BIGINT,
    is_active INTEGER NOT NULL,
    failing_since BIGINT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_active ON accounts (user_id, provider, email_address)
WHERE is_active = 1;
CREATE INDEX conversations_thread ON conversations (account_id, thread_id);
CREATE INDEX emails_drafts ON emails (user_id, updated_at, id) WHERE state = 'draft';
CREATE INDEX emails_queued ON emails (account_id, next_attempt_at) WHERE state = 'queued';
CREATE INDEX emails_planned ON emails (planned_send_at)
WHERE state = 'draft' AND planned_send_at IS NOT NULL;
CREATE INDEX emails_sending ON emails (lease_until) WHERE state = 'sending';
CREATE INDEX emails_conversation ON emails (conversation_id, id)
WHERE conversation_id IS NOT NULL;
CREATE UNIQUE INDEX emails_client_id ON emails (user_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX emails_message_id ON emails (account_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX emails_received ON emails (account_id, mail_sha256)
WHERE state = 'received' AND message_id IS NULL;
CREATE INDEX emails_of_user ON emails (user_id, id) WHERE is_received = 0;
CREATE INDEX emails_of_organization ON emails (organization_id, id) WHERE is_received = 0;
CREATE INDEX emails_rare ON emails (organization_id, state, id)
WHERE state IN ('pending_approval', 'failed', 'unknown', 'canceled');
CREATE INDEX accounts_sandbox ON accounts (LOWER(email_address))
WHERE provider = 'sandbox' AND is_active = 1;
CREATE INDEX conversations_latest ON conversations (user_id, last_message_at, id);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_of_user ON documents (user_id, id)
WHERE removed_at IS NULL AND origin = 'uploaded';
CREATE INDEX email_documents_document ON email_documents (document_id);
CREATE INDEX tallies_of_organization ON tallies (organization_id, what);
CREATE INDEX emails_correspondence ON emails (user_id, state, sent_at, id)
WHERE state IN ('sent', 'received');
CREATE INDEX emails_context ON emails (organization_id, context_id, id)
WHERE context_id IS NOT NULL;
CREATE INDEX contexts_latest ON contexts (organization_id, context_type, updated_at, context_id);
CREATE INDEX templates_of_organization ON templates (organization_id, id);
CREATE INDEX emails_unknown ON emails (next_attempt_at) WHERE state = 'unknown';
CREATE INDEX idempotency_keys_of_email ON idempotency_keys (email_id) WHERE body IS NOT NULL;
CREATE INDEX emails_unknown_of_account ON emails (account_id, next_attempt_at)
WHERE state = 'unknown';
CREATE INDEX events_email ON events (email_id, position);
CREATE UNIQUE INDEX events_of_organization ON events (organization_id, number);
CREATE INDEX webhooks_of_organization ON webhooks (organization_id, id);
COMMIT;
