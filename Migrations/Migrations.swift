// The SQL files of this folder, embedded at build so that a moved binary still finds them.

/// One step of the schema: the file's name and its SQL.
package struct Migration: Sendable {
    package let name: String
    package let sql: String
}

extension Migration {
    /// Every step, oldest first. Append only: a released step is never edited, renamed or removed.
    package static let all: [Migration] = [
        Migration(name: "0001_initial", sql: String(decoding: PackageResources._001_initial_sql, as: UTF8.self)),
        Migration(name: "0002_audits", sql: String(decoding: PackageResources._002_audits_sql, as: UTF8.self)),
        Migration(name: "0003_outcomes", sql: String(decoding: PackageResources._003_outcomes_sql, as: UTF8.self)),
        Migration(name: "0004_instances", sql: String(decoding: PackageResources._004_instances_sql, as: UTF8.self)),
        Migration(name: "0005_keys", sql: String(decoding: PackageResources._005_keys_sql, as: UTF8.self)),
        Migration(name: "0006_deliveries", sql: String(decoding: PackageResources._006_deliveries_sql, as: UTF8.self)),
        Migration(name: "0007_notices", sql: String(decoding: PackageResources._007_notices_sql, as: UTF8.self)),
        Migration(name: "0008_workitems", sql: String(decoding: PackageResources._008_workitems_sql, as: UTF8.self)),
        Migration(name: "0009_pseudonyms", sql: String(decoding: PackageResources._009_pseudonyms_sql, as: UTF8.self)),
        Migration(name: "0011_erasures", sql: String(decoding: PackageResources._011_erasures_sql, as: UTF8.self)),
    ]

    /// The steps of the access trail, which is a database of its own.
    package static let trail: [Migration] = [
        Migration(name: "trail_0001", sql: String(decoding: PackageResources.trail_0001_sql, as: UTF8.self))
    ]
}
