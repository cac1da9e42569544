#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "dsp/echo_canceller.h"
#include "heard_audio.h"
#include "line_monitor.h"
#include "playout_queue.h"
#include "playout_writer.h"
#include "receiver.h"
#include "sender.h"
#include "shared_voice.h"
#include "told_voice.h"
#include "udp_pair.h"

namespace offhook {

/// One RTP session. Built and destroyed by the control thread; between `attach` and `detached` the media thread owns the
/// receiver, the sender and the configuration. The queue, the heard audio and the counters say themselves who may touch them.
class Session {
 public:
  Session(std::uint32_t own_slot, std::uint32_t own_generation, UdpPair own_sockets, AudioSlot audio_slot, EventSink& events,
          std::uint64_t random)
      : slot(own_slot),
        generation(own_generation),
        sockets(std::move(own_sockets)),
        heard(audio_slot, generation),
        receiver(slot, generation, heard, canceller, counters, own_presses, tap, events),
        sender(slot, generation, sockets.rtp.fd(), playout, canceller, counters, own_presses, tap, events, random),
        ssrc(static_cast<std::uint32_t>(random)) {}

  // Control thread.
  /// For whoever listens on a clock of his own. Made when somebody first does; from then on the media thread's.
  void make_listenable();
  /// As `make_listenable`, for whoever hears what is told here.
  void make_audible();
  /// Appends audio of any supported rate. Returns the queue's end, or -1 for a rate that is not supported.
  std::int64_t write(std::span<const std::int16_t> samples, int rate_hz) { return writer_.write(samples, rate_hz); }
  std::int64_t flush(std::size_t fade_samples) { return writer_.flush(fade_samples); }
  /// Keeps a recording for as long as it may be played.
  void keep(const std::shared_ptr<const Sound>& sound);

  /// Heard over all else that is sent.
  struct Injection {
    PlayoutQueue queue;
    PlayoutWriter writer{queue};
  };
  std::unique_ptr<Injection> injection;  ///< made when somebody first injects; its queue is the media thread's too
  std::unique_ptr<LineMonitor> monitor;  ///< made when somebody first listens

  WavRecorder::Recording* recording{nullptr};  ///< the one being written
  bool closing{false};
  /// Of RTCP, where SRTP was agreed on.
  std::unique_ptr<SrtcpReceiver> srtcp_in;
  std::unique_ptr<SrtcpSender> srtcp_out;

  /// Of the codec agreed on last.
  std::function<std::unique_ptr<LineCodec>()> make_codec;
  std::uint32_t clock_rate_hz{8'000};

  const std::uint32_t slot;
  const std::uint32_t generation;
  UdpPair sockets;
  PlayoutQueue playout;
  HeardAudio heard;
  SessionCounters counters;

  // Media thread.
  /// One more listens to what is said here, or one less.
  void listened_to() noexcept;
  void left_alone() noexcept;
  /// One more hears what is told here, or one less.
  void told_along() noexcept;
  void told_alone() noexcept;

  RecordingTap tap;
  EchoCanceller canceller;
  OwnPresses own_presses;
  Receiver receiver;
  Sender sender;
  std::unique_ptr<SharedVoice> voice;
  std::unique_ptr<ToldVoice> told;
  std::unique_ptr<SessionConfig> config;
  std::uint32_t phase{0};  ///< which quarter of the 20 ms frame it is looked at in
  bool carried_over{false};
  int expected_loss_percent{0};  ///< of what is sent
  Session* bridged{nullptr};  ///< each the other's
  std::size_t listeners{0};
  std::size_t overhearers{0};  ///< of what is told here
  bool monitored{false};

  const std::uint32_t ssrc;

 private:
  // Control thread.
  PlayoutWriter writer_{playout};
  std::vector<std::shared_ptr<const Sound>> sounds_;
};

}  // namespace offhook
