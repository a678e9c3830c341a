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

package dev.halley.redis;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import dev.halley.hub.broker.BrokerException;

/**
 * Connects to one server, which sentinels may name.
 */
final class SingleConnector implements RedisConnector {

	private static final Log logger = LogFactory.getLog(RedisHubBroker.class);

	private final RedisClient client;

	private final RedisURI uri;

	SingleConnector(RedisClient client, RedisURI uri) {
		this.client = client;
		this.uri = uri;
	}

	@Override
	public Connections connect() {
		StatefulRedisConnection<byte[], byte[]> main = this.client.connect(ByteArrayCodec.INSTANCE, this.uri);
		try {
			refuseReplica(main);
			return new Connections(main, main.async(), this.client.connectPubSub(ByteArrayCodec.INSTANCE, this.uri));
		}
		catch (RuntimeException ex) {
			main.closeAsync();
			throw ex;
		}
	}

	/**
	 * A replica takes no messages. One that was the server until a failover does not
	 * close its connections in every set-up, and hears what it says to itself.
	 */
	private static void refuseReplica(StatefulRedisConnection<byte[], byte[]> connection) {
		byte[] role;
		try {
			role = (byte[]) connection.sync().role().get(0);
		}
		catch (RedisCommandExecutionException ex) {
			logger.debug("The server does not tell its role", ex);
			return;
		}
		if (Arrays.equals(role, HubKeys.bytes("slave"))) {
			throw new BrokerException("it is a replica, which takes no messages", false, null);
		}
	}

	@Override
	public String target() {
		if (this.uri.getSentinels().isEmpty()) {
			return this.uri.getHost() + ":" + this.uri.getPort();
		}
		return "'" + this.uri.getSentinelMasterId() + "' of the sentinels " + Targets.of(this.uri.getSentinels());
	}

	@Override
	public void close() {
		this.client.shutdown(0, 2, TimeUnit.SECONDS);
	}

}
