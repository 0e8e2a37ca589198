-- What a mailbox knows its servers by, instead of the authorities that everybody trusts.
ALTER TABLE accounts ADD COLUMN tls_fingerprint TEXT;
ALTER TABLE accounts ADD COLUMN tls_ca_pem TEXT;
