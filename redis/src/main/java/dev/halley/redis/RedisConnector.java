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

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

/**
 * Opens connections to a server, to the one that sentinels name, or to a cluster.
 */
interface RedisConnector {

	/**
	 * Opens a connection for commands and one for what is published. Blocks. Neither
	 * comes back by itself when it was lost, so that nothing is sent twice.
	 * @throws RuntimeException if that cannot be done now
	 */
	Connections connect();

	/** Where it connects to, for people. */
	String target();

	/** Closes all. */
	void close();

	/**
	 * Two connections.
	 *
	 * @param main that of the commands
	 * @param commands what can be done with it
	 * @param pubSub on which messages come
	 */
	record Connections(StatefulConnection<byte[], byte[]> main, RedisClusterAsyncCommands<byte[], byte[]> commands,
			StatefulRedisPubSubConnection<byte[], byte[]> pubSub) {

		void close() {
			this.main.closeAsync();
			this.pubSub.closeAsync();
		}

	}

}
