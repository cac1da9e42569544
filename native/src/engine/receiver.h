#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "arrived_time.h"
#include "counters.h"
#include "dsp/dtmf_detector.h"
#include "dsp/echo_canceller.h"
#include "dsp/tone_tracker.h"
#include "echo_line.h"
#include "heard_audio.h"
#include "messages.h"
#include "own_presses.h"
#include "recording_tap.h"
#include "rtp/burst_meter.h"
#include "rtp/packet.h"
#include "rtp/rate_cap.h"
#include "rtp/receiver_stats.h"
#include "rtp/reorder_buffer.h"
#include "rtp/sequence.h"
#include "rtp/telephone_event.h"
#include "source_latch.h"

namespace offhook {

class JitterBuffer;
class Sender;

/// The receiving half of a session: datagram in, 16 kHz audio and key presses out. Owned by the media thread.
class Receiver {
 public:
  Receiver(std::uint32_t slot, std::uint32_t generation, HeardAudio& heard, EchoCanceller& canceller, SessionCounters& counters,
           const OwnPresses& own_presses, RecordingTap& recording, EventSink& events)
      : slot_(slot),
        generation_(generation),
        heard_(heard),
        canceller_(canceller),
        counters_(counters),
        own_presses_(own_presses),
        recording_(recording),
        events_(events) {}

  /// `config.codec` must be set. The config outlives its use here.
  void configure(const SessionConfig& config, bool fresh_codec, MonotonicNs now) noexcept;
  void on_datagram(std::span<std::uint8_t> datagram, const Endpoint& from, MonotonicNs arrival) noexcept;
  void on_truncated() noexcept { counters_.packets_malformed.add(); }
  /// Once per frame: what time alone brings about.
  void poll(MonotonicNs now) noexcept;

  void set_echo(EchoLine* echo) noexcept { echo_ = echo; }
  /// Passes on key presses to the sender of another session; null ends that.
  void set_bridge(Sender* bridge) noexcept { bridge_ = bridge; }
  /// Passes on audio to the jitter buffer that listeners take it from; null while there are none.
  void set_listened(JitterBuffer* jitter) noexcept;
  [[nodiscard]] const Endpoint* destination() const noexcept { return latch_.destination(); }

 private:
  enum class Kind : std::uint8_t { audio, telephone_event, comfort_noise, other };

  [[nodiscard]] Kind kind_of(const RtpView& packet) const noexcept;
  [[nodiscard]] bool admit(Kind kind, const RtpView& packet, const Endpoint& from, MonotonicNs arrival) noexcept;
  void follow_source(const RtpView& packet) noexcept;
  void store(const RtpView& packet, bool audio, std::int64_t sequence, MonotonicNs arrival) noexcept;
  void release(MonotonicNs now) noexcept;
  void count_lost(std::size_t packets) noexcept;
  void play(const ReorderBuffer::Popped& packet) noexcept;
  void fill_before(const ReorderBuffer::Popped& packet, std::int64_t missing_samples, std::int64_t most_samples) noexcept;
  void deliver(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept;
  void tell_digit(const std::optional<Digit>& digit, MonotonicNs at) noexcept;
  void listen_for_digits(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept;
  void listen_for_tones(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept;
  void tell_heard_digit(const DtmfDetector::Press& press, MonotonicNs at) noexcept;
  void publish_stats() noexcept;
  [[nodiscard]] Event event(Event::Type type, MonotonicNs at) const noexcept;

  const std::uint32_t slot_;
  const std::uint32_t generation_;
  HeardAudio& heard_;
  EchoCanceller& canceller_;
  SessionCounters& counters_;
  const OwnPresses& own_presses_;
  RecordingTap& recording_;
  EventSink& events_;
  EchoLine* echo_{nullptr};
  Sender* bridge_{nullptr};
  JitterBuffer* jitter_{nullptr};
  const SessionConfig* config_{nullptr};

  SourceLatch latch_;
  RateCap rate_;

  bool following_{false};
  std::uint32_t ssrc_{0};
  SequenceUnwrapper sequences_;
  ReceiverStats stats_{8'000};
  BurstMeter bursts_;
  TelephoneEventReceiver presses_;
  MonotonicNs last_audio_at_{0};

  TimestampUnwrapper timestamps_;
  std::int64_t next_timestamp_{0};
  ArrivedTime arrived_;
  std::size_t lost_packets_{0};  ///< given up between the last packet played and the next
  std::size_t packet_samples_{kFrameSamples};

  // Large, and hardly touched by a packet in order; what every packet needs lies together, above.
  ReorderBuffer reorder_;
  DtmfDetector heard_presses_;
  ToneTracker tones_;
};

}  // namespace offhook
