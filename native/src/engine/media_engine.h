#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media_thread.h"
#include "port_pool.h"
#include "session.h"

namespace offhook {

struct EngineOptions {
  Endpoint bind_address;
  std::uint16_t port_min{0};
  std::uint16_t port_max{0};
  std::uint32_t capacity{0};
  std::uint8_t* audio_memory{nullptr};
  std::size_t slot_bytes{0};
  std::size_t header_bytes{0};
  std::size_t ring_samples{0};
};

/// The control thread's side of the engine: owns the sessions and the ports, and speaks to the media thread by commands and
/// events. All members are for one thread, the one that made it.
class MediaEngine {
 public:
  MediaEngine(const EngineOptions& options, std::function<void()> wake);
  ~MediaEngine();

  /// Null when no slot or no port pair is free.
  Session* open();
  /// Begins to close: the session stays valid until its `detached` event has been dispatched.
  void close(Session& session);
  [[nodiscard]] Session* find(std::uint32_t slot, std::uint32_t generation) const noexcept;

  void configure(Session& session, std::unique_ptr<SessionConfig> config);
  void set_source(Session& session, Source source, const ToneOrder& tone);
  /// The session plays it in place of its queue, from its beginning, round and round.
  void set_source(Session& session, std::shared_ptr<const Sound> sound, float level);
  /// Behind what the agent says, and softer then; null: nothing.
  void set_background(Session& session, std::shared_ptr<const Sound> sound, float level, float level_under_speech);
  /// Appends to what is heard over all else that is sent. Returns that queue's end, or -1 for a rate that is not supported.
  std::int64_t inject(Session& session, std::span<const std::int16_t> samples, int rate_hz);
  /// What passes on the session's line can be read from `session.monitor` from now on, or cannot any more.
  void monitor(Session& session, bool on);
  /// What is said at one end is sent to the other, key presses too, until one of them is given another source or closed: then both
  /// send their queues again. Nothing happens for a session that is closing.
  void bridge(Session& one, Session& other);
  /// What is said at `talker`'s end is sent to `listener`'s too, beside what else there is, until `unhear` or one of them is closed. A session
  /// hears at most `VoiceMix::kMostVoices`; nothing happens for one more, or for one that is closing. `told`: what is said to `talker` from
  /// here, as many at most.
  void hear(Session& listener, Session& talker, Hearing what = Hearing::said);
  void unhear(Session& listener, Session& talker, Hearing what = Hearing::said);
  /// How much of what we send does not arrive, as the far end reports.
  void expect_loss(Session& session, int percent);
  void set_gain(Session& session, float gain, std::uint32_t ramp_samples);

  void send_digit(Session& session, const DigitOrder& order);
  /// Starts a recording, ending the one that runs. Returns the reason when the file cannot be made.
  std::optional<std::string> start_recording(Session& session, const std::string& path, const std::optional<Seal>& seal = std::nullopt);
  void stop_recording(Session& session);
  /// Within a tick; from then on neither side gets in until the recording goes on, and its timeline does so in silence.
  void pause_recording(Session& session, bool paused);

  struct ControlPacket {
    Endpoint from;
    MonotonicNs arrival{0};
    std::vector<std::uint8_t> bytes;
  };
  /// Takes what waits on the RTCP port. RTCP is a few packets per session and minute: it never touches the media thread.
  std::vector<ControlPacket> receive_control(const Session& session);
  void send_control(const Session& session, std::span<const std::uint8_t> bytes, const Endpoint& to) noexcept;

  /// What became of a recording that was let go; may come after its session is gone.
  struct ClosedRecording {
    std::uint32_t generation{0};
    WavRecorder::Result result;
  };
  using RecordingListener = std::function<void(const ClosedRecording&)>;

  /// Hands every waiting event to `listener`, having done the engine's own part of it first.
  void dispatch(const std::function<void(const Event&)>& listener, const RecordingListener& on_recording);

  [[nodiscard]] MediaThread& thread() noexcept { return thread_; }
  [[nodiscard]] int family() const noexcept { return options_.bind_address.family(); }
  [[nodiscard]] std::uint32_t open_sessions() const noexcept { return open_; }

 private:
  std::optional<UdpPair> bind_pair();
  void send(Command::Type type, Session& session);
  void send(Command::Type type, Session& session, Session& other, Hearing hearing = Hearing::said);
  void send(Command::Type type, Session& session, const std::shared_ptr<const Sound>& sound, SoundOrder order);
  void let_go(const Event& event);
  void release(Session& session);

  const EngineOptions options_;
  PortPool ports_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t next_generation_{1};
  std::uint32_t open_{0};
  const std::function<void()> wake_;
  std::mutex closed_mutex_;
  std::vector<ClosedRecording> closed_recordings_;  ///< guarded by the mutex; filled by the recorder's thread
  WavRecorder recorder_;
  DatagramBatch control_batch_;
  MediaThread thread_;
};

}  // namespace offhook
