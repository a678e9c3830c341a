/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

import dev.halley.hub.broker.BrokerPayload;

/**
 * The form of {@link RecordMessage}s: a version, a kind, and the parts in their order;
 * numbers in network order, times in milliseconds.
 */
final class RecordCodec {

	/** What an item has beside its payload. */
	static final int OVERHEAD = 16;

	private static final int VERSION = 1;

	private static final int CLAIM = 0;

	private static final int ITEM = 1;

	private static final int END = 2;

	private static final int STOP = 3;

	private static final int READING = 4;

	private static final int FORGOTTEN = 5;

	private RecordCodec() {
	}

	static BrokerPayload encode(RecordMessage message) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try {
			write(new DataOutputStream(bytes), message);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return new BrokerPayload(bytes.toByteArray(), true);
	}

	private static void write(DataOutputStream out, RecordMessage message) throws IOException {
		out.writeByte(VERSION);
		if (message instanceof RecordMessage.Claim claim) {
			out.writeByte(CLAIM);
			write(out, claim);
		}
		else if (message instanceof RecordMessage.Item item) {
			out.writeByte(ITEM);
			out.writeLong(item.id());
			out.writeInt(item.index());
			out.writeBoolean(item.payload().binary());
			out.write(item.payload().bytes());
		}
		else if (message instanceof RecordMessage.End end) {
			out.writeByte(END);
			out.writeLong(end.id());
			out.writeByte(end.kind().ordinal());
			out.writeUTF(end.detail());
		}
		else if (message instanceof RecordMessage.Stop stop) {
			out.writeByte(STOP);
			out.writeLong(stop.id());
		}
		else if (message instanceof RecordMessage.Reading reading) {
			out.writeByte(READING);
			out.writeLong(reading.node());
			out.writeLong(reading.id());
			out.writeBoolean(reading.reading());
		}
		else {
			out.writeByte(FORGOTTEN);
			out.writeLong(((RecordMessage.Forgotten) message).id());
		}
	}

	private static void write(DataOutputStream out, RecordMessage.Claim claim) throws IOException {
		out.writeLong(claim.node());
		out.writeLong(claim.id());
		out.writeLong(claim.after());
		Recording recording = claim.recording();
		Duration abandonAfter = recording.abandonAfter();
		out.writeLong(recording.keep().toMillis());
		out.writeInt(recording.messages());
		out.writeLong(recording.bytes());
		out.writeLong((abandonAfter != null) ? Math.max(1, abandonAfter.toMillis()) : 0);
	}

	static RecordMessage decode(BrokerPayload payload) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.bytes()));
		int version = in.readUnsignedByte();
		int kind = in.readUnsignedByte();
		if (version != VERSION || kind > FORGOTTEN) {
			throw new IOException("Not a message that this version knows: " + version + ", " + kind);
		}
		return switch (kind) {
			case CLAIM -> new RecordMessage.Claim(in.readLong(), in.readLong(), in.readLong(), readRecording(in));
			case ITEM -> readItem(in);
			case END -> readEnd(in);
			case STOP -> new RecordMessage.Stop(in.readLong());
			case READING -> new RecordMessage.Reading(in.readLong(), in.readLong(), in.readBoolean());
			default -> new RecordMessage.Forgotten(in.readLong());
		};
	}

	private static Recording readRecording(DataInputStream in) throws IOException {
		long keep = in.readLong();
		int messages = in.readInt();
		long bytes = in.readLong();
		long abandonAfter = in.readLong();
		try {
			return new Recording(Duration.ofMillis(keep), messages, bytes,
					(abandonAfter != 0) ? Duration.ofMillis(abandonAfter) : null);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException("Not a recording", ex);
		}
	}

	private static RecordMessage.Item readItem(DataInputStream in) throws IOException {
		long id = in.readLong();
		int index = in.readInt();
		boolean binary = in.readBoolean();
		return new RecordMessage.Item(id, index, new BrokerPayload(in.readAllBytes(), binary));
	}

	private static RecordMessage.End readEnd(DataInputStream in) throws IOException {
		long id = in.readLong();
		int kind = in.readUnsignedByte();
		if (kind >= RecordMessage.Kind.values().length) {
			throw new IOException("Not an end that this version knows: " + kind);
		}
		return new RecordMessage.End(id, RecordMessage.Kind.values()[kind], in.readUTF());
	}

}
