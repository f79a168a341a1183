import Logging
import Results
import ServiceLifecycle
import Settings
import Units
import UnixSignals

/// Serves a renewed certificate as soon as it is on the disk: at SIGHUP at once, else when its files have changed and
/// come to rest.
struct CertificateKeeper: Service {
    /// Nil without TLS.
    let certificate: ServedCertificate?
    let hangups: UnixSignalsSequence
    let metrics: CollectorMetrics
    let logger: Logger

    private static let pause = Duration.seconds(5)

    func run() async throws {
        if let certificate { metrics.noteCertificate(end: certificate.end) }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await renewWhenTold() }
                if let certificate { group.addTask { await renewWhenChanged(certificate) } }
            }
        }
    }

    private func renewWhenTold() async {
        for await _ in hangups {
            guard let certificate else {
                logger.info("SIGHUP reads the certificate again, and there is none: TLS is not configured")
                continue
            }
            do throws(TextRefusal) {
                renew(certificate, with: try CertificateFiles(certificate.settings))
            } catch {
                refuse(certificate, error)
            }
        }
    }

    private func renewWhenChanged(_ certificate: ServedCertificate) async {
        var change = SettledChange<CertificateFiles>()
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.pause) } catch { return }
            // A file that is away for a moment, or for good, changes nothing by itself.
            guard let files = try? CertificateFiles(certificate.settings) else { continue }
            if change.look(files, known: certificate.tried) { renew(certificate, with: files) }
        }
    }

    private func renew(_ certificate: ServedCertificate, with files: CertificateFiles) {
        do throws(TextRefusal) {
            try certificate.replace(with: files)
            logger.notice("new connections are shown the certificate as it is now", metadata: until(certificate))
            metrics.count(renewal: true, end: certificate.end)
        } catch {
            refuse(certificate, error)
        }
    }

    private func refuse(_ certificate: ServedCertificate, _ refusal: TextRefusal) {
        var metadata = until(certificate)
        metadata["reason"] = "\(refusal)"
        logger.error("the certificate on the disk is refused, the one before goes on", metadata: metadata)
        metrics.count(renewal: false, end: certificate.end)
    }

    private func until(_ certificate: ServedCertificate) -> Logger.Metadata {
        ["valid_until": "\(UTCTime(certificate.end).text)"]
    }
}
