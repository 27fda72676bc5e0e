// A report as one page for viewers that show nothing but pictures.
import Domain
import Foundation

/// Draws what a reader must see first. It says what it is not on its first and its last line, and names no patient.
struct SummaryPage {
    static let notice = "RESEARCH USE ONLY - NOT FOR DIAGNOSIS"

    private let report: Report
    private var page = PageWriter()

    private init(_ report: Report) { self.report = report }

    static func draw(_ report: Report) -> PageCanvas {
        var summary = SummaryPage(report)
        summary.page.bar(notice, PageWriter.warning)
        summary.title()
        summary.table()
        summary.maps()
        summary.omissions()
        summary.provenance()
        summary.page.advance(20)
        summary.page.bar(notice, PageWriter.warning)
        return summary.page.canvas
    }

    private mutating func title() {
        page.advance(20)
        page.paragraph("Osteon \(report.analysis.name) \(report.analysis.version)", PageWriter.title)
        page.paragraph(report.disclaimer, PageWriter.small, PageWriter.warning)
    }

    private mutating func table() {
        page.heading("Vertebrae")
        let columns = [0, 124, 284, 386, 562, 672, 926, 1092]
        page.row(SummaryTable.columns, columns: columns, PageWriter.bold)
        for (number, row) in SummaryTable(report).rows.enumerated() {
            page.row(
                row.cells, columns: columns, PageWriter.plain, isShaded: number % 2 == 0,
                row.needsReview ? PageWriter.warning : PageWriter.ink)
        }
        page.advance(6)
        page.paragraph(
            """
            Leakage risk: by published odds ratios. Simulated leak: share of simulated injections that leak by the planned volume, never compared with \
            patients. Quadrants: A anterior, P posterior, L and R the patient's left and right.
            """, PageWriter.small, PageWriter.faint)
    }

    private mutating func maps() {
        let mapped = report.vertebrae.filter { $0.leakageMap != nil }
        guard !mapped.isEmpty else { return }
        page.heading("Where cement would leave the body (seen from the feet)")
        for start in stride(from: 0, to: mapped.count, by: 2) {
            let top = page.y
            page.advance(QuadrantMap.side + 36)
            for (column, vertebra) in mapped[start..<min(start + 2, mapped.count)].enumerated() {
                card(vertebra, x: PageWriter.margin + column * (PageWriter.measure / 2 + 10), top: top)
            }
        }
    }

    private mutating func card(_ vertebra: VertebraReport, x: Int, top: Int) {
        guard let map = vertebra.leakageMap else { return }
        page.put(
            "\(vertebra.level.rawValue), \(map.method)", x: Double(x), baseline: Double(top) + 24, PageWriter.bold)
        QuadrantMap(map: map).draw(on: &page, x: x, y: top + 36)
        let left = x + QuadrantMap.side + 16
        let width = Double(PageWriter.measure / 2 - QuadrantMap.side - 26)
        var baseline = Double(top) + 60
        for line in SummaryCard(vertebra).lines {
            for part in PageWriter.small.wrapped(line, width: width) where baseline < Double(page.y) {
                page.put(part, x: Double(left), baseline: baseline, PageWriter.small)
                baseline += PageWriter.small.lineHeight
            }
            baseline += 6
        }
    }

    private mutating func omissions() {
        let lines = report.groupedOmissions.map { group in
            let levels = group.levels.map(\.rawValue).joined(separator: ", ")
            return "\(levels.isEmpty ? "Scan" : levels): \(group.omission.item): \(group.omission.reason)"
        }
        guard !lines.isEmpty || !report.image.warnings.isEmpty else { return }
        page.heading("Not computed, and warnings")
        for line in lines { page.paragraph(line, PageWriter.small) }
        for warning in report.image.warnings {
            page.paragraph("Warning: \(warning)", PageWriter.small, PageWriter.warning)
        }
    }

    private mutating func provenance() {
        let made = ISO8601DateFormatter.string(
            from: report.provenance.createdAt, timeZone: .gmt, formatOptions: .withInternetDateTime)
        let size = report.image.sizeVoxels.map(String.init).joined(separator: " x ")
        let spacing = report.image.spacingMM.map { SummaryTable.number($0, digits: 2) }.joined(separator: " x ")
        page.heading("How it was made")
        let lines = [
            "\(report.provenance.software) \(report.provenance.version), \(report.analysis.name) \(report.analysis.version), \(made)",
            "Models: " + (report.provenance.models.isEmpty ? "none" : report.provenance.models.joined(separator: ", ")),
            "Scan: \(size) voxels of \(spacing) mm, SHA-256 of the input \(report.study.inputSHA256)",
            "All numbers with their definitions are in the structured report and the segmentation beside this picture.",
        ]
        for line in lines { page.paragraph(line, PageWriter.small, PageWriter.faint) }
    }
}
