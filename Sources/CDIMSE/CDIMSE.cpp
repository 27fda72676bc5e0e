// A storage SCP on several threads, each of which accepts and serves one association after the other.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/diutil.h>
#include <dcmtk/dcmnet/scpthrd.h>
#include <dcmtk/oflog/oflog.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "include/CDIMSE.h"

namespace {

/// A peer that has connected must ask for its association within this time; our choice.
constexpr int requestSeconds = 5;
/// How often a thread that waits for a peer looks whether it shall stop.
constexpr int lookSeconds = 1;

std::vector<std::string> copied(const char *const *texts, size_t count) {
    return std::vector<std::string>(texts, texts + count);
}

bool holds(const std::vector<std::string> &list, const OFString &text) {
    return std::find(list.begin(), list.end(), text.c_str()) != list.end();
}

/// What can be received, best first: what needs no decoder, what loses nothing, the rest.
const char *const transferSyntaxes[] = {
    UID_LittleEndianExplicitTransferSyntax,
    UID_LittleEndianImplicitTransferSyntax,
    UID_BigEndianExplicitTransferSyntax,
    UID_DeflatedExplicitVRLittleEndianTransferSyntax,
    UID_JPEGProcess14SV1TransferSyntax,
    UID_JPEGProcess14TransferSyntax,
    UID_JPEGLSLosslessTransferSyntax,
    UID_JPEG2000LosslessOnlyTransferSyntax,
    UID_RLELosslessTransferSyntax,
    UID_JPEGLSLossyTransferSyntax,
    UID_JPEG2000TransferSyntax,
    UID_JPEGProcess1TransferSyntax,
    UID_JPEGProcess2_4TransferSyntax,
};

/// What objects and C-ECHO need; a class that DCMTK does not know is a private one, or newer than it is.
bool isTaken(const char *abstractSyntax) {
    return std::strcmp(abstractSyntax, UID_VerificationSOPClass) == 0
           || dcmIsaStorageSOPClassUID(abstractSyntax, ESSC_All) || dcmFindNameOfUID(abstractSyntax) == nullptr;
}

/// The best of the syntaxes that the peer offers; nullptr where there is none.
const char *chosenSyntax(const T_ASC_PresentationContext &context) {
    for (const char *syntax : transferSyntaxes)
        for (int i = 0; i < context.transferSyntaxCount; i++)
            if (std::strcmp(context.proposedTransferSyntaxes[i], syntax) == 0) return syntax;
    return nullptr;
}

}  // namespace

struct cdimse_server {
    std::vector<std::string> calledTitles, callingTitles, peers;
    std::string folder;
    uint64_t objectBytes = 0;
    cdimse_store store = nullptr;
    cdimse_note note = nullptr;
    void *context = nullptr;

    DcmSharedSCPConfig config;
    T_ASC_Network *network = nullptr;
    std::vector<std::thread> threads;
    std::atomic<bool> isStopping{false};
    std::atomic<uint64_t> received{0};
};

namespace {

/// One association.
class Receiver : public DcmThreadSCP {
public:
    /// `association` is the one that `run` is called with.
    Receiver(cdimse_server &server, T_ASC_Association *association) : server(server), association(association) {
        setSharedConfig(server.config);
    }

protected:
    /// As DcmSCP does for a list of SOP classes, which may have 128 at most.
    OFCondition negotiateAssociation() override {
        OFCondition condition = EC_Normal;
        for (int i = 0; i < ASC_countPresentationContexts(association->params) && condition.good(); i++) {
            T_ASC_PresentationContext context;
            condition = ASC_getPresentationContext(association->params, i, &context);
            if (condition.bad() || !isTaken(context.abstractSyntax)) continue;
            const char *syntax = chosenSyntax(context);
            if (syntax != nullptr)
                condition = ASC_acceptPresentationContext(association->params, context.presentationContextID, syntax);
        }
        return condition;
    }

    OFBool checkCalledAETitleAccepted(const OFString &title) override {
        return checked(holds(server.calledTitles, title), "nobody here has the called title");
    }

    OFBool checkCallingAETitleAccepted(const OFString &title) override {
        return checked(
            server.callingTitles.empty() || holds(server.callingTitles, title), "the calling title may not call");
    }

    /// What is given may be a name; who connects is told by the address.
    OFBool checkCallingHostAccepted(const OFString &) override {
        return checked(holds(server.peers, getPeerIP()), "the address may not connect");
    }

    void notifyAssociationAcknowledge() override { note(CDIMSE_ACCEPTED, ""); }
    void notifyReleaseRequest() override { note(CDIMSE_RELEASED, ""); }
    void notifyAbortRequest() override { note(CDIMSE_ENDED, "the peer aborted it"); }

    void notifyDIMSEError(const OFCondition &condition) override {
        note(CDIMSE_ENDED, isTooLarge ? "it sent a larger object than it may" : condition.text());
    }

    void notifyRECEIVEProgress(const unsigned long byteCount) override {
        if (byteCount <= server.objectBytes || isTooLarge) return;
        isTooLarge = true;
        abortAssociation();
    }

    OFCondition handleIncomingCommand(T_DIMSE_Message *message, const DcmPresentationContextInfo &context) override {
        switch (message->CommandField) {
        case DIMSE_C_ECHO_RQ: return handleECHORequest(message->msg.CEchoRQ, context.presentationContextID);
        case DIMSE_C_STORE_RQ: return keep(message->msg.CStoreRQ, context.presentationContextID);
        default: return DIMSE_BADCOMMANDTYPE;
        }
    }

private:
    cdimse_server &server;
    T_ASC_Association *association;
    bool isTooLarge = false;

    /// The peer's bytes go to a file as they come, the file to the one who keeps it, and only then the answer to the peer.
    OFCondition keep(T_DIMSE_C_StoreRQ &request, T_ASC_PresentationContextID context) {
        std::string path = server.folder + "/" + std::to_string(++server.received) + ".dcm";
        OFCondition condition = receiveSTORERequest(request, context, OFString(path.c_str()));
        if (condition.good()) {
            Titles titles(*this);
            uint16_t status = server.store(server.context, &titles.peer, path.c_str());
            condition = sendSTOREResponse(context, request, status);
        }
        unlink(path.c_str());
        return condition;
    }

    /// Keeps the texts alive that a `cdimse_peer` points to.
    struct Titles {
        OFString calling, called, address;
        cdimse_peer peer;

        explicit Titles(const Receiver &receiver)
            : calling(receiver.getPeerAETitle()), called(receiver.getCalledAETitle()), address(receiver.getPeerIP()),
              peer{calling.c_str(), called.c_str(), address.c_str()} {}
    };

    void note(cdimse_event event, const char *detail) const {
        Titles titles(*this);
        server.note(server.context, &titles.peer, event, detail);
    }

    OFBool checked(bool mayPass, const char *why) const {
        if (!mayPass) note(CDIMSE_REFUSED, why);
        return mayPass;
    }
};

/// DCMTK keeps its listening socket to itself, and waits in accept() without end where several threads see one connection: the socket is found by its
/// port, and made to say that there is nothing more.
void stopWaitingInAccept(uint16_t port) {
    for (int descriptor = 0; descriptor < 4096; descriptor++) {
        int isListening = 0;
        socklen_t size = sizeof isListening;
        if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) != 0 || isListening == 0) continue;
        sockaddr_in address{};
        size = sizeof address;
        if (getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &size) == 0 && address.sin_family == AF_INET
            && ntohs(address.sin_port) == port)
            fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    }
}

/// Serves one association after the other until the server stops.
void serve(cdimse_server &server) {
    while (!server.isStopping) {
        T_ASC_Association *association = nullptr;
        OFCondition condition = ASC_receiveAssociation(
            server.network, &association, server.config->getMaxReceivePDULength(), nullptr, nullptr, OFFalse,
            DUL_NOBLOCK, lookSeconds);
        if (condition.good()) {
            Receiver(server, association).run(association);
        } else if (association != nullptr) {
            ASC_dropAssociation(association);
            ASC_destroyAssociation(&association);
        }
    }
}

void configure(DcmSCPConfig &config, const cdimse_settings &settings) {
    config.setPort(settings.port);
    config.setACSETimeout(requestSeconds);
    config.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
    config.setDIMSETimeout(settings.idleSeconds);
    config.setHostLookupEnabled(OFFalse);
    config.setProgressNotificationMode(OFTrue);
}

void tell(const char *text, char *message, size_t size) {
    if (size == 0) return;
    std::strncpy(message, text, size - 1);
    message[size - 1] = 0;
}

}  // namespace

cdimse_server *cdimse_start(const cdimse_settings *settings, char *message, size_t messageSize) {
    // What is to be told is told by `note`; a peer that is gone is an error of its connection, not of the process.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    std::signal(SIGPIPE, SIG_IGN);
    dcmSocketReceiveTimeout.set(static_cast<Sint32>(settings->idleSeconds));
    dcmSocketSendTimeout.set(static_cast<Sint32>(settings->idleSeconds));
    auto server = new cdimse_server;
    server->calledTitles = copied(settings->calledTitles, settings->calledTitleCount);
    server->callingTitles = copied(settings->callingTitles, settings->callingTitleCount);
    server->peers = copied(settings->peers, settings->peerCount);
    server->folder = settings->folder;
    server->objectBytes = settings->objectBytes;
    server->store = settings->store;
    server->note = settings->note;
    server->context = settings->context;
    configure(*server->config, *settings);
    OFCondition condition = ASC_initializeNetwork(NET_ACCEPTOR, settings->port, requestSeconds, &server->network);
    if (condition.bad()) {
        tell(condition.text(), message, messageSize);
        delete server;
        return nullptr;
    }
    stopWaitingInAccept(settings->port);
    for (size_t i = 0; i < settings->associations; i++) server->threads.emplace_back(serve, std::ref(*server));
    return server;
}

void cdimse_stop(cdimse_server *server) {
    server->isStopping = true;
    for (std::thread &thread : server->threads) thread.join();
    ASC_dropNetwork(&server->network);
    delete server;
}
