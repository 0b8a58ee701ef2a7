// Runs mostly wait: for pods to start, for the kubelet to see a full disk. Two cores carry this many of them.
[assembly: LevelOfParallelism(4)]
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
