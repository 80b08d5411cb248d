//! The types of EMR's structured options. They are AWS CLI's, not the model's: `InstanceGroupType` is `InstanceRole` there.
//!
//! Members stand in the order in which messages list them.

use awsx_params::Field;
use awsx_params::Schema::{self, Boolean, Double, Integer, List, Map, Structure, Text};

const fn optional(name: &'static str, schema: Schema) -> Field {
    Field::optional(name, schema)
}

const fn required(name: &'static str, schema: Schema) -> Field {
    Field::required(name, schema)
}

/// `--instance-groups`.
pub(super) const INSTANCE_GROUPS: Schema = List(&Structure(&[
    optional("Name", Text),
    required("InstanceGroupType", Text),
    optional("BidPrice", Text),
    required("InstanceType", Text),
    required("InstanceCount", Integer),
    optional("CustomAmiId", Text),
    optional("EbsConfiguration", EBS),
    optional("AutoScalingPolicy", AUTO_SCALING_POLICY),
    optional("Configurations", CONFIGURATIONS),
]));

const EBS: Schema = Structure(&[
    optional("EbsOptimized", Boolean),
    optional(
        "EbsBlockDeviceConfigs",
        List(&Structure(&[optional("VolumeSpecification", VOLUME), optional("VolumesPerInstance", Integer)])),
    ),
]);

const VOLUME: Schema = Structure(&[
    required("VolumeType", Text),
    required("SizeInGB", Integer),
    optional("Iops", Integer),
    optional("Throughput", Integer),
]);

const AUTO_SCALING_POLICY: Schema = Structure(&[
    optional("Constraints", Structure(&[optional("MinCapacity", Integer), optional("MaxCapacity", Integer)])),
    optional("Rules", List(&SCALING_RULE)),
]);

const SCALING_RULE: Schema = Structure(&[
    optional("Name", Text),
    optional("Description", Text),
    optional("Action", SCALING_ACTION),
    optional("Trigger", Structure(&[optional("CloudWatchAlarmDefinition", ALARM)])),
]);

const SCALING_ACTION: Schema = Structure(&[
    optional("Market", Text),
    optional(
        "SimpleScalingPolicyConfiguration",
        Structure(&[
            optional("AdjustmentType", Text),
            optional("ScalingAdjustment", Integer),
            optional("CoolDown", Integer),
        ]),
    ),
]);

const ALARM: Schema = Structure(&[
    optional("ComparisonOperator", Text),
    optional("EvaluationPeriods", Integer),
    optional("MetricName", Text),
    optional("Namespace", Text),
    optional("Period", Integer),
    optional("Statistic", Text),
    optional("Threshold", Double),
    optional("Unit", Text),
    optional("Dimensions", List(&Structure(&[optional("Key", Text), optional("Value", Text)]))),
]);

const CONFIGURATIONS: Schema = List(&Structure(&[
    optional("Classification", Text),
    optional("Properties", Map(&Text)),
    optional(
        "Configurations",
        List(&Structure(&[optional("Classification", Text), optional("Properties", Map(&Text))])),
    ),
]));

/// `--instance-fleets`.
pub(super) const INSTANCE_FLEETS: Schema = List(&Structure(&[
    optional("Name", Text),
    required("InstanceFleetType", Text),
    optional("TargetOnDemandCapacity", Integer),
    optional("TargetSpotCapacity", Integer),
    optional("InstanceTypeConfigs", List(&INSTANCE_TYPE)),
    optional(
        "LaunchSpecifications",
        Structure(&[
            optional("OnDemandSpecification", Structure(&[ALLOCATION_STRATEGY, CAPACITY_RESERVATIONS])),
            optional(
                "SpotSpecification",
                Structure(&[
                    optional("TimeoutDurationMinutes", Integer),
                    optional("TimeoutAction", Text),
                    optional("BlockDurationMinutes", Integer),
                    ALLOCATION_STRATEGY,
                ]),
            ),
        ]),
    ),
    optional(
        "ResizeSpecifications",
        Structure(&[
            optional(
                "SpotResizeSpecification",
                Structure(&[optional("TimeoutDurationMinutes", Integer), ALLOCATION_STRATEGY]),
            ),
            optional(
                "OnDemandResizeSpecification",
                Structure(&[
                    optional("TimeoutDurationMinutes", Integer),
                    ALLOCATION_STRATEGY,
                    CAPACITY_RESERVATIONS,
                ]),
            ),
        ]),
    ),
    optional("Context", Text),
]));

const INSTANCE_TYPE: Schema = Structure(&[
    required("InstanceType", Text),
    optional("WeightedCapacity", Integer),
    optional("BidPrice", Text),
    optional("BidPriceAsPercentageOfOnDemandPrice", Double),
    optional("CustomAmiId", Text),
    optional("Priority", Double),
    optional("EbsConfiguration", EBS),
    optional("Configurations", CONFIGURATIONS),
]);

const ALLOCATION_STRATEGY: Field = optional("AllocationStrategy", Text);

const CAPACITY_RESERVATIONS: Field = optional(
    "CapacityReservationOptions",
    Structure(&[
        optional("UsageStrategy", Text),
        optional("CapacityReservationPreference", Text),
        optional("CapacityReservationResourceGroupArn", Text),
    ]),
);

/// `--ec2-attributes`.
pub(super) const EC2_ATTRIBUTES: Schema = Structure(&[
    optional("KeyName", Text),
    optional("SubnetId", Text),
    optional("SubnetIds", List(&Text)),
    optional("AvailabilityZone", Text),
    optional("AvailabilityZones", List(&Text)),
    optional("InstanceProfile", Text),
    optional("EmrManagedMasterSecurityGroup", Text),
    optional("EmrManagedSlaveSecurityGroup", Text),
    optional("ServiceAccessSecurityGroup", Text),
    optional("AdditionalMasterSecurityGroups", List(&Text)),
    optional("AdditionalSlaveSecurityGroups", List(&Text)),
]);

/// `--applications`.
pub(super) const APPLICATIONS: Schema =
    List(&Structure(&[required("Name", Text), optional("Args", List(&Text))]));

/// `--bootstrap-actions`.
pub(super) const BOOTSTRAP_ACTIONS: Schema =
    List(&Structure(&[optional("Name", Text), required("Path", Text), optional("Args", List(&Text))]));

/// `--steps`.
pub(super) const STEPS: Schema = List(&Structure(&[
    optional("Type", Text),
    optional("Name", Text),
    optional("ActionOnFailure", Text),
    optional("Jar", Text),
    optional("Args", List(&Text)),
    optional("MainClass", Text),
    optional("Properties", Text),
    optional("LogUri", Text),
    optional("EncryptionKeyArn", Text),
]));

/// `--restore-from-hbase-backup`.
pub(super) const HBASE_BACKUP: Schema = Structure(&[optional("Dir", Text), optional("BackupVersion", Text)]);

/// `--emrfs`.
pub(super) const EMRFS: Schema = Structure(&[
    optional("Consistent", Boolean),
    optional("SSE", Boolean),
    optional("RetryCount", Integer),
    optional("RetryPeriod", Integer),
    optional("Args", List(&Text)),
    optional("Encryption", Text),
    optional("ProviderType", Text),
    optional("KMSKeyId", Text),
    optional("CustomProviderLocation", Text),
    optional("CustomProviderClass", Text),
]);

/// `--tags` and `--cluster-ids`.
pub(super) const TEXTS: Schema = List(&Text);

/// `--kerberos-attributes`.
pub(super) const KERBEROS: Schema = Structure(&[
    optional("Realm", Text),
    optional("KdcAdminPassword", Text),
    optional("CrossRealmTrustPrincipalPassword", Text),
    optional("ADDomainJoinUser", Text),
    optional("ADDomainJoinPassword", Text),
]);

/// `--managed-scaling-policy`.
pub(super) const MANAGED_SCALING_POLICY: Schema = Structure(&[
    optional(
        "ComputeLimits",
        Structure(&[
            required("MinimumCapacityUnits", Integer),
            required("MaximumCapacityUnits", Integer),
            optional("MaximumOnDemandCapacityUnits", Integer),
            required("UnitType", Text),
            optional("MaximumCoreCapacityUnits", Integer),
        ]),
    ),
    optional("ScalingStrategy", Text),
    optional("UtilizationPerformanceIndex", Integer),
]);

/// `--placement-group-configs`.
pub(super) const PLACEMENT_GROUPS: Schema =
    List(&Structure(&[required("InstanceRole", Text), optional("PlacementStrategy", Text)]));

/// `--auto-termination-policy`.
pub(super) const AUTO_TERMINATION_POLICY: Schema = Structure(&[optional("IdleTimeout", Integer)]);

/// `--monitoring-configuration`.
pub(super) const MONITORING: Schema = Structure(&[
    optional(
        "CloudWatchLogConfiguration",
        Structure(&[
            required("Enabled", Boolean),
            optional("LogGroupName", Text),
            optional("LogStreamNamePrefix", Text),
            optional("EncryptionKeyArn", Text),
            optional("LogTypes", Map(&List(&Text))),
        ]),
    ),
    optional("S3LoggingConfiguration", Structure(&[optional("LogTypeUploadPolicy", Map(&Text))])),
]);
