import type { Phrase } from '../../notifier/message/translate';

/** What the responders write, in Japanese. The first form that fits counts: narrower ones stand before wider ones. */
export const japanesePhrases: readonly Phrase[] = [
  // Titles.
  ['Exposed access key', '漏えいしたアクセスキー'],
  ['Guard switched off', '停止された監視'],
  ['Opened security group', '公開されたセキュリティグループ'],
  ['Removed objects', '削除されたオブジェクト'],
  ['Unapproved image', '未承認のイメージ'],

  // Everywhere.
  ['it is gone already', 'すでに存在しません'],
  ['it changed while it was being acted on', '対応中に状態が変わりました'],
  ['it was changed after the question was asked', '承認を求めたあとに変更されました'],
  [
    'a person undid the response to this finding: it is theirs now',
    'この検出結果への対応は人の手で元に戻されました。以後は担当者に任せます',
  ],
  [
    'it acted {count} times in {minutes} minutes, and no more are allowed (responders.breaker)',
    '{minutes} 分間に {count} 回対応し、上限に達しました（responders.breaker）',
  ],
  [
    'see whether these responses are right; until the time has passed, act by hand',
    'これまでの対応が正しいか確認してください。制限時間が過ぎるまでは手作業で対応してください',
  ],
  ['the function has to stop and goes on in a moment', '関数の実行時間の上限に近いため中断し、まもなく再開します'],
  ['exempt until {day}: {reason}', '{day} まで対象外: {reason}'],
  ['its exemption ended on {day}: {reason}', '対象外の期限は {day} に切れました: {reason}'],
  ['unknown error', '不明なエラー'],

  // Exposed access key.
  ['a sample finding: nothing happened, and nothing is done', 'サンプルの検出結果のため、何もしません'],
  ['these are credentials of the root user', 'ルートユーザーの認証情報です'],
  [
    '{key} belongs to nobody known ({type}): no access key of an IAM user',
    '{key} の持ち主は不明です（{type}）。IAM ユーザーのアクセスキーではありません',
  ],
  [
    '{key} belongs to {user} ({type}): no access key of an IAM user',
    '{key} は {user}（{type}）のもので、IAM ユーザーのアクセスキーではありません',
  ],
  ['the access key {key} of {user} is inactive already', '{user} のアクセスキー {key} はすでに無効です'],
  ['the access key {key} of {user} is active', '{user} のアクセスキー {key} は有効です'],
  ['deactivate the access key {key}, then replace it', 'アクセスキー {key} を無効にし、新しいキーに置き換えてください'],
  ['deactivates the access key {key} of {user}', '{user} のアクセスキー {key} を無効にする'],
  ['activates the access key {key} of {user} again', '{user} のアクセスキー {key} を再び有効にする'],
  [
    'nobody but the root user can deactivate its keys: sign in as root with its MFA device',
    'ルートユーザーのキーを無効にできるのはルートユーザーだけです。MFA デバイスを使ってルートでサインインしてください',
  ],
  [
    'delete every access key of the root user (Security credentials), and change its password',
    'ルートユーザーのアクセスキーをすべて削除し（セキュリティ認証情報）、パスワードを変更してください',
  ],
  [
    'see what the root user did since: CloudTrail in the global region',
    'その後のルートユーザーの操作をグローバルリージョンの CloudTrail で確認してください',
  ],
  [
    'where the organization manages root access centrally, remove the root credentials of member accounts there',
    '組織でルートアクセスを一元管理している場合は、そこでメンバーアカウントのルート認証情報を削除してください',
  ],
  [
    'temporary credentials cannot be deactivated: revoke the sessions of the role (IAM, the role, "Revoke active sessions")',
    '一時的な認証情報は無効にできません。ロールのセッションを取り消してください（IAM のロールの「アクティブなセッションの取り消し」）',
  ],
  [
    'find where they came from: an instance, a function, a person',
    '認証情報の出どころ（インスタンス、関数、人）を調べてください',
  ],

  // Guard switched off.
  ['the detector {id} is enabled', '検出器 {id} は有効です'],
  ['the detector {id} is suspended; the event was about {told}', '検出器 {id} は停止中です（イベントの対象は {told}）'],
  ['there is no detector in the region', 'このリージョンに検出器がありません'],
  ['the detector {id} is suspended', '検出器 {id} は停止中です'],
  ['the configuration does not guard this account and region', 'このアカウントとリージョンは構成の対象外です'],
  ['add it to garrison.yaml, or leave it', 'garrison.yaml に加えるか、そのままにしてください'],
  ['`garrison apply` enables it again', '`garrison apply` で再び有効になります'],
  ['enables the detector {id}', '検出器 {id} を有効にする'],
  [
    'a new detector is no member yet: `garrison apply` enrols it again',
    '新しい検出器はまだメンバーではありません。 `garrison apply` で再登録されます',
  ],
  ['creates a detector', '検出器を作成する'],
  ['the trail {arn} logs', '証跡 {arn} は記録中です'],
  ['the trail {arn} does not log', '証跡 {arn} は記録を停止しています'],
  [
    'start it again: aws cloudtrail start-logging --name {arn}',
    '再開してください: aws cloudtrail start-logging --name {arn}',
  ],
  ['starts the trail {arn}', '証跡 {arn} の記録を再開する'],
  ['the trail {arn} records all management events', '証跡 {arn} はすべての管理イベントを記録しています'],
  [
    'the selectors of the trail {arn} leave management events out',
    '証跡 {arn} のセレクターから管理イベントが外されています',
  ],
  [
    'put management events of reads and writes into its selectors',
    '読み取りと書き込みの管理イベントをセレクターに加えてください',
  ],
  [
    'puts all management events into the selectors of the trail {arn}',
    '証跡 {arn} のセレクターにすべての管理イベントを加える',
  ],
  ['the event data store {arn} is {status}', 'イベントデータストア {arn} の状態は {status} です'],
  ['restores the event data store {arn}', 'イベントデータストア {arn} を復元する'],
  ['starts the ingestion of the event data store {arn}', 'イベントデータストア {arn} の取り込みを再開する'],
  ['{target}: no machine can bring this back', '{target}: 自動では元に戻せません'],
  ['`garrison apply` sets the publishing destination up again', '`garrison apply` で発行先が再び設定されます'],
  [
    'compare the insight selectors of the trail with your infrastructure code, and set them back',
    '証跡の Insights セレクターをインフラのコードと比べ、元に戻してください',
  ],
  [
    'create the trail again from your infrastructure code: only that knows its bucket, key and selectors',
    'インフラのコードから証跡を作り直してください（バケット、キー、セレクターはそこにしかありません）',
  ],
  [
    'keep trails from being deleted: `garrison guardrails`',
    '証跡の削除を防ぐには `garrison guardrails` を使ってください',
  ],
  [
    'ask the user, and whoever made the call: a device that was replaced is no attack',
    'ユーザーと操作した人に確認してください。デバイスの交換であれば攻撃ではありません',
  ],
  [
    'else block the user (aws iam delete-login-profile, update-access-key --status Inactive) until they have a device again',
    'そうでなければ、デバイスが登録されるまでユーザーを止めてください（aws iam delete-login-profile、update-access-key --status Inactive）',
  ],

  // Opened security group.
  ['what the prefix list {id} holds could not be read', 'プレフィックスリスト {id} の内容を読めませんでした'],
  [
    'no rule of it is open to the world on a port that is not allowed',
    '許可されていないポートを全体に公開しているルールはありません',
  ],
  ['open to the world: {rule}', '全体に公開: {rule}'],
  [
    'the rules that the event tells of are gone or were changed since; what is open now came otherwise',
    'イベントにあるルールはすでに削除または変更されています。現在公開されているものは別の操作によるものです',
  ],
  ['a default group cannot be deleted', 'default グループは削除できません'],
  [
    '{service} runs the network interface {id}: it keeps its group, which therefore stays',
    'ネットワークインターフェイス {id} は {service} が管理しているため、グループはそのまま残ります',
  ],
  ['revokes {rules}', '{rules} を取り消す'],
  ['revoke {rules}', '{rules} を取り消してください'],
  ['deletes the group {group}', 'グループ {group} を削除する'],
  ['makes the closed group {group} in {vpc}', '閉じたグループ {group} を {vpc} に作成する'],
  ['lets nothing out of it ({family})', 'そこからの送信を禁止する（{family}）'],
  ['closes {group} again, into which somebody put {rules}', '誰かが {rules} を加えた {group} を再び閉じる'],
  ['moves the network interface {id} to the closed group', 'ネットワークインターフェイス {id} を閉じたグループに移す'],

  // Removed objects.
  ['the bucket {bucket} is not named in responders.buckets', 'バケット {bucket} は responders.buckets にありません'],
  ['a single version was deleted, which is for good', '特定のバージョンが削除されており、元に戻せません'],
  [
    'the bucket {bucket} has no versioning: what was deleted is gone for good',
    'バケット {bucket} はバージョニングが無効のため、削除されたものは元に戻せません',
  ],
  [
    'look for a copy: a backup, a replica, another account',
    'バックアップ、レプリカ、別アカウントなどにコピーがないか確認してください',
  ],
  ['switch versioning on', 'バージョニングを有効にしてください'],
  ['no version is left of what was removed', '削除されたもののバージョンは残っていません'],
  ['what was removed is there again, or nothing was', '削除されたものはすでに元に戻っているか、何も削除されていません'],
  [
    'the bucket has more versions than were looked at: there may be more',
    'バケットのバージョンが多く、すべては調べていません。ほかにもある可能性があります',
  ],
  ['{count} of them are too many for one response', 'うち {count} 件は一度の対応の上限を超えています'],
  ['removed from {bucket}: {keys}', '{bucket} から削除: {keys}'],
  [
    'remove the delete markers: aws s3api delete-object --version-id',
    '削除マーカーを取り除いてください: aws s3api delete-object --version-id',
  ],
  ['removes the delete markers of {keys}', '{keys} の削除マーカーを取り除く'],

  // Unapproved image.
  ['its instances are terminated already', 'インスタンスはすでに終了しています'],
  ['instances: {instances}', 'インスタンス: {instances}'],
  ["EC2's own setting Allowed AMIs is unknown here", 'ここでの EC2 の「許可された AMI」の設定は不明です'],
  ["EC2's own setting Allowed AMIs is {state} here", 'ここでの EC2 の「許可された AMI」の設定: {state}'],
  [
    'terminate, stop or isolate the instances, or approve the image',
    'インスタンスを終了、停止または隔離するか、イメージを承認してください',
  ],
  ['nothing is left to {strategy}', '対応（{strategy}）の必要なものは残っていません'],
  [
    'the image {image} is not listed, and the account does not see it any more',
    'イメージ {image} は承認リストになく、アカウントからはもう参照できません',
  ],
  [
    'the image {image} ({name}, of {owner}) is on no allow list',
    'イメージ {image}（{name}、所有者 {owner}）は承認リストにありません',
  ],
  [
    'the Auto Scaling group {name} launched them, and will again until its launch template is changed',
    'Auto Scaling グループ {name} が起動しました。起動テンプレートを変えるまで再び起動されます',
  ],
  [
    'the fleet {id} launched them, and may again until it is changed',
    'フリート {id} が起動しました。変更するまで再び起動される可能性があります',
  ],
  [
    'the Spot Fleet {id} launched them, and may again',
    'スポットフリート {id} が起動しました。再び起動される可能性があります',
  ],
  ['terminates {instances}', '{instances} を終了する'],
  ['stops {instances}', '{instances} を停止する'],
  ['takes snapshots of the volumes of {id}', '{id} のボリュームのスナップショットを取る'],
];
