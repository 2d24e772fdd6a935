use super::{CONFIG, DOCS, SOURCE, hits, joined};
use crate::context::Context;

/// Lines with a secret, and the rule that finds it.
const BAD: &[(Context, &str, &str)] = &[
    (SOURCE, "password = \"kR7·vTq2wZ!\"", "password-assigned"),
    (SOURCE, "const DB_PASSWORD: &str = \"kR7·vTq2wZ\";", "password-assigned"),
    (SOURCE, "String dbPassword = \"kR7·vTq2wZ\";", "password-assigned"),
    (SOURCE, "  \"password\": \"kR7·vTq2wZ\",", "password-assigned"),
    (SOURCE, "config['password'] = 'kR7·vTq2wZ'", "password-assigned"),
    (SOURCE, "os.Setenv(\"DB_PASSWORD\", \"kR7·vTq2wZ\")", "password-assigned"),
    (SOURCE, "password := \"kR7·vTq2wZ\"", "password-assigned"),
    (SOURCE, ":password => 'kR7·vTq2wZ'", "password-assigned"),
    (SOURCE, "builder.password(\"kR7·vTq2wZ\")", "password-assigned"),
    (SOURCE, "let token = process.env.API_TOKEN || '9f3k·Wq7Lz2Vx8Rt5Bn1M';", "secret-assigned"),
    (SOURCE, "apiKey: '9f3k·Wq7Lz2Vx8Rt5Bn1M',", "secret-assigned"),
    (SOURCE, "SECRET_KEY = b'9f3k·Wq7Lz2Vx8Rt5Bn1M'", "secret-assigned"),
    (SOURCE, "client_secret = \"3c1d·9be27fa04586d2e1\"", "secret-assigned"),
    (
        SOURCE,
        "\"Server=db;User Id=shop;Password=kR7·vTq2wZ;Encrypt=true\"",
        "connection-string-password",
    ),
    (SOURCE, "\"Pwd=kR7·vTq2wZ;Data Source=db\"", "connection-string-password"),
    (
        SOURCE,
        "url = \"jdbc:postgresql://db/shop?user=a&password=kR7·vTq2wZ\"",
        "connection-string-password",
    ),
    (SOURCE, "connect('host=db password=kR7·vTq2wZ port=5432')", "connection-string-password"),
    (CONFIG, "dsn: host=db password=kR7·vTq2wZ port=5432", "connection-string-password"),
    (
        SOURCE,
        "req.Header.Set(\"Authorization\", \"Bearer 9f3k·Wq7Lz2Vx8Rt5Bn1M\")",
        "authorization-literal",
    ),
    (SOURCE, "headers = {'Authorization': 'Basic c2hvcDp·rUjd2VHEyd1oh'}", "authorization-literal"),
    (SOURCE, "dsn := \"postgres://shop:kR7·vTq2wZ@db.internal/shop\"", "url-credentials"),
    (SOURCE, "redis.connect('redis://:kR7·vTq2wZ@cache.internal:6379')", "url-credentials"),
    (SOURCE, "{\\\"password\\\":\\\"kR7·vTq2wZ\\\"}", "password-assigned"),
    (CONFIG, "DB_PASSWORD=kR7·vTq2wZ", "password-assigned"),
    (CONFIG, "export DB_PASSWORD=kR7·vTq2wZ # do not tell", "password-assigned"),
    (CONFIG, "docker run -e MYSQL_ROOT_PASSWORD=kR7·vTq2wZ -d mysql", "password-assigned"),
    (CONFIG, "spring.datasource.password=kR7·vTq2wZ", "password-assigned"),
    (CONFIG, "password: 'kR7·vTq2wZ'", "password-assigned"),
    (CONFIG, "password: Winter·2024!", "password-assigned"),
    (CONFIG, "- name: DB_PASSWORD\n  value: kR7·vTq2wZ\n", "password-assigned"),
    (CONFIG, "- name: API_TOKEN\n  value: \"9f3k·Wq7Lz2Vx8Rt5Bn1M\"\n", "secret-assigned"),
    (CONFIG, "{\"name\": \"DB_PASSWORD\", \"value\": \"kR7·vTq2wZ\"}", "password-assigned"),
    (CONFIG, "mysqldump --password=kR7·vTq2wZ shop", "password-assigned"),
    (CONFIG, "vault login --token 9f3k·Wq7Lz2Vx8Rt5Bn1M", "secret-assigned"),
    (CONFIG, "<password>kR7·vTq2wZ</password>", "password-assigned"),
    (CONFIG, "<add key=\"x\" password=\"kR7·vTq2wZ\" />", "password-assigned"),
    (CONFIG, "api_key: 9f3k·Wq7Lz2Vx8Rt5Bn1M", "secret-assigned"),
    (CONFIG, "jwt-secret: 3c1d·9be27fa04586d2e1bb70", "secret-assigned"),
    (
        CONFIG,
        "aws_secret_access_key = JGec·wflDStzgB2ae4e+5PhWtQApw4qWGtetBR3hj",
        "secret-assigned",
    ),
    (CONFIG, "ENV SECRET_TOKEN=9f3k·Wq7Lz2Vx8Rt5Bn1M", "secret-assigned"),
    (CONFIG, "amqp://shop:kR7·vTq2wZ@mq.internal/", "url-credentials"),
    (
        DOCS,
        "curl -H 'Authorization: Bearer 9f3k·Wq7Lz2Vx8Rt5Bn1M' https://x",
        "authorization-literal",
    ),
    (DOCS, "api_key = \"9f3k·Wq7Lz2Vx8Rt5Bn1M\"", "secret-assigned"),
];

/// Lines of the later readers.
const MORE: &[(Context, &str, &str)] = &[
    (CONFIG, "curl -u shop:kR7·vTq2wZ https://x.internal", "command-line-password"),
    (SOURCE, "run(\"sshpass -p kR7·vTq2wZ ssh a@b\")", "command-line-password"),
    (CONFIG, "RUN docker login -u a -p kR7·vTq2wZ registry.internal", "command-line-password"),
    (
        SOURCE,
        "$p = ConvertTo-SecureString 'kR7·vTq2wZ' -AsPlainText -Force",
        "command-line-password",
    ),
    (SOURCE, "get(\"https://9f3k·Wq7Lz2Vx8Rt5Bn1M@git.internal/a\")", "url-credentials"),
    (CONFIG, "url: https://shop:kR7·vTq2wZ@[2001:db8::7]:8443/", "url-credentials"),
    (CONFIG, "url: jdbc:oracle:thin:shop/kR7·vTq2wZ@//db.internal:1521/a", "url-credentials"),
    (CONFIG, "mongodb://shop:kR7·vTq2wZ@a.internal:27017,b.internal:27017/", "url-credentials"),
    (SOURCE, "\"cache.internal:6380,password=kR7·vTq2wZ,ssl=True\"", "connection-string-password"),
    (
        CONFIG,
        "bus: Endpoint=sb://bus.internal/;SharedAccessKeyName=a;SharedAccessKey=q8Rk2Lm5·Tn7Vw9Xb3Cd4Fg6Hj1Kp0sTz",
        "connection-string-password",
    ),
    (SOURCE, "h := \"Authorization: Token 9f3k·Wq7Lz2Vx8Rt5Bn1M\"", "authorization-literal"),
    (SOURCE, "\"-H\", \"X-Api-Key: 9f3k·Wq7Lz2Vx8Rt5Bn1M\"", "authorization-literal"),
    (
        CONFIG,
        "{\"kty\":\"oct\",\"k\":\"UCg8UmueVavB·9koM7NGj7f71XTs16l0dnqG2\"}",
        "private-key-committed",
    ),
];

/// Lines without one.
const GOOD: &[(Context, &str)] = &[
    (SOURCE, "password = getpass(\"Password: \")"),
    (SOURCE, "password = os.environ['DB_PASSWORD']"),
    (SOURCE, "password = config.database.password"),
    (SOURCE, "const PASSWORD_FIELD = \"password_field\";"),
    (SOURCE, "let password = \"\";"),
    (SOURCE, "password: \"Enter your password\""),
    (SOURCE, "<input type=\"password\" id=\"password\" placeholder=\"Password123\">"),
    (SOURCE, "passwordInput: 'confirm-password-input'"),
    (SOURCE, "let token = tokens.next().unwrap();"),
    (SOURCE, "match token { Token::Ident(name) => \"identifier1234\", _ => \"x\" }"),
    (SOURCE, "if password == \"kR7vTq2wZ\" {"),
    (SOURCE, "token = \"{}-{}\".format(a, b)"),
    (SOURCE, "secretName: `app-${env}-secret`,"),
    (SOURCE, "api_key = \"YOUR_API_KEY_HERE_1\""),
    (SOURCE, "api_key = 'xxxxxxxxxxxxxxxxxxxxxxx1'"),
    (SOURCE, "key = \"9f3kWq7Lz2Vx8Rt5Bn1M\""),
    (SOURCE, "public_key = \"9f3kWq7Lz2Vx8Rt5Bn1M\""),
    (SOURCE, "cache_key = \"9f3kWq7Lz2Vx8Rt5Bn1M\""),
    (SOURCE, "next_page_token = \"9f3kWq7Lz2Vx8Rt5Bn1M\""),
    (SOURCE, "csrf_token = \"9f3kWq7Lz2Vx8Rt5Bn1M\""),
    (SOURCE, "token_url = \"https://auth.example.com/v1/token2\""),
    (SOURCE, "[\"set_encrypt_key\", \"aes_nohw_ctr32_encrypt_blocks\"]"),
    (SOURCE, "base.pass(\"g;x=1/./y\", \"x\")"),
    (SOURCE, "HTPASSWD = \"user:$2y$05$8/q2bfRcX74EuxGf0qOcSuhWDQJXrgWiy6Fi73\""),
    (SOURCE, "password: String,"),
    (SOURCE, "def passwd(passphrase=None, algorithm=\"argon2i\"):"),
    (SOURCE, "password: \"*EE0D72C1085C46C5278932678FBE2C6A782821B4\""),
    (SOURCE, "password: \"$y$j9T$F5Jx5fExrKuPp53xLKQ..1\""),
    (SOURCE, "https://x.internal/key?AWSAccessKeyId=<access-key>&Expires=1506888865&S=a"),
    (
        DOCS,
        "[DataDog](https://x.internal/DataDog/agent/blob/c4f38af1897bac294d8fed6285098b14aafa6178)",
    ),
    (SOURCE, "\"password\": \"%c3%89t%C3%A9\""),
    (SOURCE, "\"http://:%F0%9F%92%A9@shop.internal/\""),
    (SOURCE, "connect(host=db, password=kR7vTq2wZ)"),
    (SOURCE, "mysql --host=db --password=kR7vTq2wZ"),
    (SOURCE, "\"Server=db;User Id=shop;Password={0};Encrypt=true\""),
    (SOURCE, "pub password: Option<String>,"),
    (SOURCE, "password = \"test123\""),
    (SOURCE, "password = \"password1!\""),
    (SOURCE, "secret := \"my-secret-name-v1\""),
    (SOURCE, "token = \"0123456789abcdef0123456789abcdef\""),
    (SOURCE, "\"secret\": \"projects/1234/secrets/db-password/versions/3\""),
    (SOURCE, "ACCESS_TOKEN: 'oauth2_access_token_v2'"),
    (SOURCE, "url = \"http://localhost:8080@foo\""),
    (SOURCE, "u = \"https://user:password@example.com\""),
    (SOURCE, "u = f\"https://{user}:{password}@{host}\""),
    (SOURCE, "u = \"postgres://postgres:postgres@localhost:5432/db\""),
    (SOURCE, "\"Authorization: Bearer \" + token"),
    (SOURCE, "'Authorization': `Bearer ${token}`"),
    (SOURCE, "// Basic authentication uses base64"),
    (SOURCE, "passport = \"kR7vTq2wZ9\""),
    (SOURCE, "compass: 'kR7vTq2wZ9'"),
    (SOURCE, "integrity: \"sha512-9f3kWq7Lz2Vx8Rt5Bn1M9f3kWq7Lz2Vx8Rt5Bn1Mabcd==\""),
    (SOURCE, "passwordHash = \"$2b$12$9f3kWq7Lz2Vx8Rt5Bn1Mabcdefghij\""),
    (SOURCE, "password = \"$2b$12$9f3kWq7Lz2Vx8Rt5Bn1Mabcdefghij\""),
    (SOURCE, "const char *token = strtok(line, \" \");"),
    (SOURCE, "password.should.equal('x')"),
    (SOURCE, "PASSWORD_MIN_LENGTH = \"12characters\""),
    (CONFIG, "password: ${DB_PASSWORD}"),
    (CONFIG, "password: $DB_PASSWORD1"),
    (CONFIG, "password: {{ .Values.password }}"),
    (CONFIG, "password: <db-password-1>"),
    (CONFIG, "password: changeme123"),
    (CONFIG, "password: \"*********1\""),
    (CONFIG, "password: ENC[AES256_GCM,data:9f3kWq7Lz2Vx8Rt5Bn1M,type:str]"),
    (CONFIG, "password: !vault |"),
    (CONFIG, "password: *anchor1"),
    (CONFIG, "password: /run/secrets/db_password1"),
    (CONFIG, "secretName: kR7vTq2wZ9aB"),
    (CONFIG, "secret: shop-database-credentials"),
    (CONFIG, "secret: registry-pull-secret-2"),
    (CONFIG, "existingSecret: kR7vTq2wZ9aB-x"),
    (CONFIG, "passwordSecretRef: kR7vTq2wZ9aB"),
    (CONFIG, "secretKeyRef:\n  name: shop\n  key: db-password"),
    (CONFIG, "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: a, key: b}"),
    (CONFIG, "- name: DB_PASSWORD\n  value: $(OTHER)\n"),
    (CONFIG, "token: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    (CONFIG, "key: AKIAIOSFODNN7·EXAMPLE"),
    (CONFIG, "aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCY·EXAMPLEKEY"),
    (CONFIG, "checksum/secret: 3c1d9be27fa04586d2e1bb703c1d9be27fa04586d2e1bb70"),
    (CONFIG, "image: shop@sha256:3c1d9be27fa04586d2e1bb703c1d9be27fa04586d2e1bb703c1d9be27fa04586"),
    (CONFIG, "max_tokens: 4096"),
    (CONFIG, "token: true"),
    (CONFIG, "password: null"),
    (CONFIG, "git+ssh://git@github.com:org/repo.git"),
    (CONFIG, "url: https://$USER:$PASS@registry.internal"),
    (CONFIG, "url: https://user:${PASS}@registry.internal"),
    (CONFIG, "url: https://oauth2:%GITLAB_TOKEN%@gitlab.internal"),
    (CONFIG, "image: https://cdn.internal/@scope/pkg:1.2.3@latest"),
    (CONFIG, "pk_live: pk_live_9f3kWq7Lz2Vx8Rt5Bn1M"),
    (CONFIG, "PASSWORD_FILE=/etc/kR7vTq2wZ9aB"),
    (SOURCE, "https://3c1d9be27fa04586d2e1bb703c1d9be2@o7.ingest.sentry.io/4"),
    (SOURCE, "privateKey := loadKey(path)"),
    (SOURCE, "{\"kty\":\"RSA\",\"n\":\"q8Rk2Lm5Tn7Vw9Xb3Cd4\",\"e\":\"AQAB\"}"),
    (SOURCE, "f(cache, password=kR7vTq2wZ, ssl=True)"),
    (CONFIG, "curl -u \"$USER:$PASSWORD\" https://x.internal"),
    (CONFIG, "curl -u ${{ secrets.USER }}:${{ secrets.PASSWORD }} https://x.internal"),
    (CONFIG, "docker login -u a --password-stdin registry.internal"),
    (CONFIG, "mysql -u root -p shop"),
    (CONFIG, "Authorization: Token ${TOKEN}"),
    (SOURCE, "// the Authorization header is required"),
    (SOURCE, "const AUTHORIZATION = \"authorization-policy-name-1\""),
    (CONFIG, "- repo: https://github.com/pre-commit/pre-commit-hooks/hooks/check-yaml"),
    (CONFIG, "url: https://x.internal/webhooks/9f3k/receive"),
    (DOCS, "Sign in with `docker login -p <token>`."),
    (DOCS, "Set `password: hunter2` in the file."),
    (DOCS, "The token is `abc123def`."),
];

#[test]
fn secrets_are_found() {
    let mut missed = Vec::new();
    for (context, line, rule) in BAD.iter().chain(MORE) {
        let text = joined(line);
        let found = hits(&text, *context);
        if found.len() != 1 || found[0].rule.id != *rule {
            let ids: Vec<&str> = found.iter().map(|hit| hit.rule.id).collect();
            missed.push(format!("{line}: {ids:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// The anchors are searched for in several rounds.
#[test]
fn names_of_every_round_are_read() {
    let value = "9f3k·Wq7Lz2Vx8Rt5Bn1M";
    let lines: Vec<String> = ["apiKey", "token", "apikey", "Pwd", "api_key", "secret"]
        .iter()
        .map(|name| format!("{name} = \"{value}\"\n"))
        .collect();
    let forwards = joined(&lines.concat());
    let backwards = joined(&lines.iter().rev().cloned().collect::<String>());
    for text in [forwards, backwards] {
        assert_eq!(hits(&text, SOURCE).len(), lines.len());
    }
}

#[test]
fn everything_else_is_left_alone() {
    let mut wrong = Vec::new();
    for (context, line) in GOOD {
        let text = joined(line);
        for hit in hits(&text, *context) {
            wrong.push(format!("{line}: {} at {:?}", hit.rule.id, &text[hit.secret.range()]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
